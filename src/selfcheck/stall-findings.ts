import type { Severity, Verdict } from '../../detectors/types.ts'
import { minuteMs } from '../time/units.ts'
import type { Stall } from './stall.ts'

/** The detector's part of the configuration, as far as it is needed here. */
export interface StallRule {
  readonly enabled: boolean
  readonly severity: Severity
  /** Severities that a longer stall is raised to, mildest first; `from` in milliseconds. */
  readonly raiseAfterMs: readonly { readonly severity: Severity; readonly from: number }[]
}

export const stallKind = 'pipeline_stalled'

export type StallVerdicts = (stall: Stall | undefined, nowMs: number, isOpen: boolean) => Verdict | undefined

/** Turns stalls into verdicts: one a minute of the wall clock while the pipeline is stalled, and when it is over. */
export function createStallVerdicts(
  rule: StallRule,
  isSuppressed: (fromMs: number, toMs: number) => boolean = () => false
): StallVerdicts {
  let lastEnd = Number.NEGATIVE_INFINITY

  return function verdictOf(stall, nowMs, isOpen) {
    const windowEnd = Math.floor(nowMs / minuteMs) * minuteMs
    if (!rule.enabled || windowEnd <= lastEnd || (stall === undefined && !isOpen)) return undefined
    lastEnd = windowEnd
    const windowStart = windowEnd - minuteMs
    if (isSuppressed(windowStart, windowEnd)) return undefined
    const judged = [stallKind]
    if (stall === undefined) return { windowStart, windowEnd, findings: [], judged }
    const seconds = Math.round((nowMs - stall.since) / 1_000)
    const severity =
      rule.raiseAfterMs.findLast(({ from }) => nowMs - stall.since >= from)?.severity ?? rule.severity
    const finding = {
      kind: stallKind,
      metric: 'lag',
      unit: 'count' as const,
      additive: false,
      segment: 'all',
      severity,
      windowStart,
      windowEnd,
      value: stall.lag,
      expected: 0,
      details: `${textOf(stall, seconds)} Meanwhile no window is judged: silence says nothing about the shop.`,
      explainedBy: [],
      evidence: {
        cause: stall.cause,
        since: new Date(stall.since).toISOString(),
        lag: stall.lag,
        subject: stall.subject ?? null
      }
    }
    return { windowStart, windowEnd, findings: [finding], judged }
  }
}

function textOf({ cause, lag, subject, error }: Stall, seconds: number): string {
  switch (cause) {
    case 'broker_gone':
      return `Kafka has not answered for ${seconds} s.`
    case 'store_unavailable':
      return `The store has not answered for ${seconds} s, so there are no baselines to judge by.`
    case 'memory_full':
      return `No records have been read for ${seconds} s: too many windows wait for the store.`
    case 'partition_holds':
      return `Partition ${subject} has held back the windows of all others for ${seconds} s.`
    case 'lag_grows':
      return `The lag has grown for ${seconds} s, to ${lag.toLocaleString('en')} records.`
    case 'topic_missing':
      return `Kafka has had no topic ${subject} for ${seconds} s.`
    case 'commits_refused':
      return `Kafka has accepted no commit for ${seconds} s: ${error ?? 'no answer'}. Windows that only the clock closes wait for it.`
    case 'partition_stuck':
      return `Partition ${subject} has been stuck for ${seconds} s, ${error}.`
    case 'not_joined':
      return `The consumer group has assigned no work for ${seconds} s${error === undefined ? '' : `: ${error}`}.`
    default:
      return cause satisfies never
  }
}
