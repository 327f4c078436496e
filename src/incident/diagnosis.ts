import { rank } from '../../detectors/rules/severity.ts'
import type { Severity } from '../../detectors/types.ts'
import { english } from '../language/translator.ts'
import type { Alert } from './alert.ts'
import type { Cause } from './cause.ts'
import { type CausePattern, causePatterns } from './cause-patterns.ts'
import { kindsOf } from './one-cause.ts'
import { type Sign, signsOf } from './signs.ts'

export interface Diagnosis {
  /** Undefined where the alerts fit no pattern. */
  readonly cause: Cause | undefined
  /** What revenue lacks is lost. */
  readonly isLoss: boolean
  /** The severity that an alert gives its incident: less than its own where the cause explains it. */
  readonly severityOf: (alert: Pick<Alert, 'kind' | 'severity'>) => Severity
  /** Alerts with the one first that leads where severities are equal. */
  readonly leading: <One extends Pick<Alert, 'kind' | 'segment'>>(alerts: readonly One[]) => readonly One[]
}

/**
 * What has probably caused these alerts of one incident. What was said `before` stays until another pattern fits: the
 * shares in findings of a few events come and go.
 */
export function diagnose(alerts: readonly Alert[], before: Cause | undefined): Diagnosis {
  const kinds = kindsOf(alerts)
  const signs = signsOf(alerts)
  const pattern =
    causePatterns.find(one => hasKinds(one, kinds) && one.when.every(sign => signs.has(sign))) ??
    causePatterns.find(one => one.id === before?.id && hasKinds(one, kinds))
  return {
    cause: pattern && { id: pattern.id, title: pattern.title, text: withUsual(pattern.text, signs) },
    isLoss: pattern?.losesNothing !== true,
    severityOf({ kind, severity }) {
      const { explains } = pattern ?? {}
      if (!explains?.kinds.includes(kind)) return severity
      return rank(severity) > rank(explains.atMost) ? explains.atMost : severity
    },
    leading: found => found.toSorted((a, b) => placeOf(a, pattern) - placeOf(b, pattern))
  }
}

const hasKinds = ({ all, any }: CausePattern, kinds: ReadonlySet<string>): boolean =>
  all.every(kind => kinds.has(kind)) && (any.length === 0 || any.some(kind => kinds.has(kind)))

/** The whole shop before its segments, then as the pattern says. */
function placeOf(
  { kind, segment }: Pick<Alert, 'kind' | 'segment'>,
  pattern: CausePattern | undefined
): number {
  const leads = pattern?.leads ?? []
  const at = leads.indexOf(kind)
  return (segment === 'all' ? 0 : leads.length + 1) + (at < 0 ? leads.length : at)
}

const withUsual = (text: string, signs: ReadonlySet<Sign>): string =>
  signs.has('traffic_as_usual') ? `${text} ${english('cause.traffic_as_usual')}` : text
