import type { NotificationRecord } from '../incident/types.ts'
import type { Language } from '../language/language.ts'
import type { Recommendation } from '../store/tables/recommendations.ts'
import type { Store } from '../store/types.ts'
import type { IdleStore } from './costs/idle.ts'
import type { Budget, CostSettings } from './costs/settings.ts'
import type { DailyStore } from './daily.ts'
import type { DailySchedule, Schedule, Slot } from './schedule.ts'
import type { ReportText } from './text.ts'
import type { ReportWords } from './words.ts'

/** Those that are due by themselves, if they are on. */
export const dueNames = ['daily', 'digest', 'idle', 'cost-summary'] as const
/** All that can be sent by hand. */
export const reportNames = [...dueNames, 'burn-rate'] as const
export type ReportName = (typeof reportNames)[number]
export type DueName = (typeof dueNames)[number]

/** Where the configuration switches a report on, or names its receivers. */
export const placeOf: Readonly<Record<ReportName, string>> = {
  daily: 'reports.daily',
  digest: 'reports.digest',
  idle: 'costs.idle',
  'cost-summary': 'costs.summary',
  'burn-rate': 'costs.summary'
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

/** What a day has cost so far; the alert about it is an incident, and this one a person sends. */
export interface BurnReport extends Due {
  readonly name: 'burn-rate'
  readonly costs: Pick<CostSettings, 'cost'>
  /** The threshold of a local day's cost; null where no rule has one. */
  readonly budget: Budget | null
}

/** A report that is due at an hour of each local day. One that is due at several hours has settings for each. */
export type ReportSettings = CostsReport | BurnReport | (Due & { readonly name: 'daily' | 'digest' })

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
