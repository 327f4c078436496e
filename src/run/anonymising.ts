import type { AuditSink } from '../audit/instance-audit.ts'
import { createAnonymise } from '../store/anonymise/state.ts'
import type { Store } from '../store/types.ts'
import type { Clock } from '../telemetry/clock.ts'
import { messageOf } from '../telemetry/message.ts'
import type { Logger } from '../telemetry/types.ts'
import { dayMs, hourMs, minuteMs } from '../time/units.ts'

/** What the configuration says of names in old rows. */
export interface AnonymiseSettings {
  /** Rows of which age. */
  readonly afterMs: number
  /** The key of the hashes. */
  readonly secret: string
}

export interface AnonymisingOptions {
  readonly pipeline: string
  readonly settings: AnonymiseSettings
  readonly store: Pick<Store, 'anonymise'>
  /** The wall clock: rows have its time. */
  readonly now: () => number
  /** Bounds one step, so that the store has time for others. */
  readonly mostRows?: number
}

const rowsAStep = 5_000

/** Anonymises rows that are old enough, a bounded number at each call; false once there are none. `onRows` is told of them. */
export function createAnonymiseStep(options: AnonymisingOptions) {
  const { pipeline, settings, store, now, mostRows = rowsAStep } = options
  const anonymise = createAnonymise(settings.secret)
  return async function step(onRows: (rows: ReadonlyMap<string, number>) => void): Promise<boolean> {
    const beforeMs = now() - settings.afterMs
    const { rows, isDone } = await store.anonymise({ pipeline, beforeMs, anonymise, mostRows })
    if (rows.size > 0) onRows(rows)
    return !isDone
  }
}

interface DailyOptions extends AnonymisingOptions {
  readonly isWorking: () => boolean
  readonly audit: Pick<AuditSink, 'record'>
  readonly clock: Clock
  readonly log: Logger
}

/** Anonymises once a day, and soon again where more rows waited than a step takes, while this instance works. */
export async function anonymiseDaily(options: DailyOptions, stopping: AbortSignal): Promise<void> {
  const { isWorking, audit, clock, log } = options
  const step = createAnonymiseStep(options)
  let dueAt = clock.now()
  while (!stopping.aborted) {
    await clock.sleep(minuteMs)
    if (stopping.aborted || !isWorking() || clock.now() < dueAt) continue
    try {
      const isMore = await step(rows => {
        const counts = Object.fromEntries(rows)
        log.info({ rows: counts }, 'names and texts of old rows were replaced by hashes')
        audit.record({ action: 'anonymised', details: { rows: counts } })
      })
      dueAt = clock.now() + (isMore ? minuteMs : dayMs)
    } catch (error) {
      log.warn({ error: messageOf(error) }, 'old rows cannot be anonymised now: tried again in an hour')
      dueAt = clock.now() + hourMs
    }
  }
}
