import type { Mutes } from './muting.ts'
import type { History } from './notification-log.ts'
import type { DueRules, Moment } from './notify-reason.ts'

interface Targets {
  readonly channels: readonly string[]
  readonly pagers: readonly string[]
}

export interface Surroundings extends Mutes {
  readonly rules: DueRules
  readonly history: History
  readonly moment: Moment
  readonly targets: Targets
  /** The finding is not an old one. */
  readonly mayNotify: boolean
  /** No earlier run can have paged for it and ended that. */
  readonly mayPage: boolean
  /** What this incident explains, a line each. */
  readonly explains: readonly string[]
}
