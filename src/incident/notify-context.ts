import type { NotificationLog } from './notification-log.ts'
import type { EvaluationTime, NotifyRules } from './notify-reason.ts'
import type { Suppression } from './suppression.ts'

interface Targets {
  readonly channels: readonly string[]
  readonly pagers: readonly string[]
}

/** What decides on an incident's notifications, besides the incident. */
export interface NotifyContext extends Suppression {
  readonly rules: NotifyRules
  readonly log: NotificationLog
  readonly at: EvaluationTime
  readonly targets: Targets
  /** The finding is recent; an older one goes into the catch-up summary. */
  readonly mayNotify: boolean
  /** No earlier run can have opened and ended a page for it. */
  readonly mayPage: boolean
  /** The findings that this incident inhibits, a line each. */
  readonly inhibits: readonly string[]
}
