import type { Kind } from '../../detectors/kind.ts'
import type { Finding, Ladder, Severity } from '../../detectors/types.ts'
import type { Said } from '../language/phrase.ts'
import { spoken } from '../language/translator.ts'

/** The settings that both kinds share. */
export interface SelfCheckRule {
  readonly enabled: boolean
  readonly severity: Severity
  /** Severities for longer trouble; `from` in milliseconds. */
  readonly raiseAfterMs: Ladder
}

export const severityAfter = ({ severity, raiseAfterMs }: SelfCheckRule, lastsMs: number): Severity =>
  raiseAfterMs.findLast(({ from }) => lastsMs >= from)?.severity ?? severity

/** What the pipeline finds about itself: a count that should be 0. */
export const selfFinding = (
  { kind, metric }: Pick<Kind, 'kind' | 'metric'>,
  found: Pick<Finding, 'severity' | 'windowStart' | 'windowEnd' | 'value' | 'evidence' | 'since'> & {
    readonly said: Said
  }
): Finding => ({
  kind,
  metric,
  unit: 'count',
  additive: false,
  segment: 'all',
  expected: 0,
  explainedBy: [],
  ...spoken(found.said),
  ...found
})
