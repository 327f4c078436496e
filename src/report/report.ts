import type { Store } from '../store/types.ts'
import { type DailyStore, readDaily } from './daily.ts'
import { readDigest } from './digest.ts'
import type { DailySchedule, Schedule, Slot } from './schedule.ts'
import { dailyText, digestText, type ReportText, type ReportWords } from './text.ts'

export const reportNames = ['daily', 'digest'] as const
export type ReportName = (typeof reportNames)[number]

/** A report that is due at an hour of each local day. */
export interface ReportSettings extends DailySchedule {
  readonly name: ReportName
  readonly receivers: readonly string[]
}

export interface Draft {
  /** Null where there is nothing to report. */
  readonly text: ReportText | null
  /** Everything that it is about is stored. */
  readonly isWhole: boolean
}

export type DraftStore = DailyStore & Pick<Store, 'findIncidents'>

/** Writes a report out of what is stored. Rejects with the store's error. */
export async function draftOf(
  name: ReportName,
  store: DraftStore,
  pipeline: string,
  { schedule, slot, words }: { schedule: Schedule; slot: Slot; words: ReportWords }
): Promise<Draft> {
  switch (name) {
    case 'daily': {
      const figures = await readDaily(store, pipeline, schedule, slot.day)
      const { coveredMs, fromMs, toMs } = figures
      const text = coveredMs > 0 ? dailyText(pipeline, figures, words) : null
      return { text, isWhole: coveredMs >= toMs - fromMs }
    }
    case 'digest': {
      const fromMs = schedule.slotOf(slot.day - 1).at
      const incidents = await readDigest(store, pipeline, fromMs, slot.at)
      const text = incidents.length > 0 ? digestText(pipeline, incidents, fromMs, slot.at, words) : null
      return { text, isWhole: true }
    }
    default:
      throw name satisfies never
  }
}
