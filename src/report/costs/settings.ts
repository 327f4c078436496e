import type { Ladder, Severity } from '../../../detectors/types.ts'

/** The metrics and dimensions that costs are read from. */
export interface CostSettings {
  /** A sum of money by resource and by model. */
  readonly cost: string
  /** A ratio by resource. */
  readonly utilization: string
  /** The dimension whose values can be idle. */
  readonly resource: string
  /** The dimensions that describe a resource. */
  readonly gpu: string
  readonly provider: string
  readonly model: string
  /** Null where nobody asks for idle resources. */
  readonly idle: IdleRule | null
}

export interface IdleRule {
  /** A share: a lower mean utilization is idle. */
  readonly below: number
  /** So many whole local days. */
  readonly days: number
  /** By the savings a month, in units of the currency; low below. */
  readonly raiseSavings: Ladder
}

/** What a local day may cost. */
export interface Budget {
  readonly threshold: number
  readonly severity: Severity
  /** By how far the cost is over it, as a share of it. */
  readonly raiseBy: Ladder
}
