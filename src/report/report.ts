import type { Language } from '../language/language.ts'
import { draftBurnRate } from './costs/burn-rate.ts'
import { draftCosts, draftIdle } from './costs/drafts.ts'
import { readDaily } from './daily.ts'
import { readDigest } from './digest.ts'
import { dailyText, digestText, type ReportText } from './text.ts'
import type { Draft, DraftOptions, DraftStore, ReportSettings } from './types.ts'
import type { ReportWords } from './words.ts'

/** Writes a report out of what is stored. Rejects with the store's error. */
export async function draftOf(
  report: ReportSettings,
  store: DraftStore,
  pipeline: string,
  options: DraftOptions
): Promise<Draft> {
  const { schedule, slot, words } = options
  const inLanguage = (write: (of: ReportWords) => ReportText) => (language: Language) =>
    write({ ...words, language })
  switch (report.name) {
    case 'daily': {
      const figures = await readDaily(store, pipeline, schedule, slot.day)
      const { coveredMs, fromMs, toMs } = figures
      const text = coveredMs > 0 ? inLanguage(of => dailyText(pipeline, figures, of)) : null
      return { text, isWhole: coveredMs >= toMs - fromMs }
    }
    case 'digest': {
      const fromMs = schedule.slotOf(slot.day - 1).at
      const incidents = await readDigest(store, pipeline, fromMs, slot.at)
      const text =
        incidents.length > 0 ? inLanguage(of => digestText(pipeline, incidents, fromMs, slot.at, of)) : null
      return { text, isWhole: true }
    }
    case 'idle':
      return draftIdle(report, store, pipeline, options)
    case 'cost-summary':
      return draftCosts(report, store, pipeline, options)
    case 'burn-rate':
      return draftBurnRate(report, store, pipeline, options)
    default:
      throw report satisfies never
  }
}
