import type { NotificationRecord } from '../incident/types.ts'
import type { Language } from '../language/language.ts'
import type { Recommendation } from '../store/tables/recommendations.ts'
import type { Store } from '../store/types.ts'
import type { IdleStore } from './costs/idle.ts'
import type { CostSettings } from './costs/settings.ts'
import type { DailyStore } from './daily.ts'
import type { DailySchedule, Schedule, Slot } from './schedule.ts'
import type { ReportText } from './text.ts'
import type { ReportWords } from './words.ts'

export const reportNames = ['daily', 'digest', 'idle', 'cost-summary'] as const
export type ReportName = (typeof reportNames)[number]

/** Where the configuration switches a report on. */
export const placeOf: Readonly<Record<ReportName, string>> = {
  daily: 'reports.daily',
  digest: 'reports.digest',
  idle: 'costs.idle',
  'cost-summary': 'costs.summary'
}

interface Due extends DailySchedule {
  readonly receivers: readonly string[]
  /** Of receivers that want another one than English. */
  readonly languages?: Readonly<Record<string, Language>>
}

/** A report about costs. */
export interface CostsReport extends Due {
  readonly name: 'idle' | 'cost-summary'
  readonly costs: CostSettings
}

/** A report that is due at an hour of each local day. One that is due at several hours has settings for each. */
export type ReportSettings = CostsReport | (Due & { readonly name: 'daily' | 'digest' })

export interface Draft {
  /** Null where there is nothing to report. */
  readonly text: ((language: Language) => ReportText) | null
  /** Everything that it is about is stored. */
  readonly isWhole: boolean
  /** What was found of resources, to be stored. */
  readonly recommendations?: readonly Recommendation[]
}

export interface DraftOptions {
  readonly schedule: Schedule
  readonly slot: Slot
  readonly words: Omit<ReportWords, 'language'>
  readonly nowMs: number
  /** The same report at other hours of the day, as it was told. */
  readonly told: readonly StoredReport[]
  /** What is not whole is wanted later. */
  readonly mayWait: boolean
}

type StoredReport = NonNullable<NotificationRecord['report']>

export type DraftStore = DailyStore & IdleStore & Pick<Store, 'findIncidents'>
