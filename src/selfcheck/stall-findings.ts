import { pipelineStalled } from '../../detectors/kinds/pipeline-stalled.ts'
import type { Verdict } from '../../detectors/types.ts'
import { minuteMs } from '../time/units.ts'
import { type SelfCheckRule, selfFinding, severityAfter } from './self-finding.ts'
import type { Stall } from './stall.ts'

export type StallVerdicts = (stall: Stall | undefined, nowMs: number, isOpen: boolean) => Verdict | undefined

/** Turns stalls into verdicts: one a minute of the wall clock while the pipeline is stalled, and when it is over. */
export function createStallVerdicts(
  rule: SelfCheckRule,
  isSuppressed: (fromMs: number, toMs: number) => boolean = () => false
): StallVerdicts {
  let lastEnd = Number.NEGATIVE_INFINITY

  return function verdictOf(stall, nowMs, isOpen) {
    const windowEnd = Math.floor(nowMs / minuteMs) * minuteMs
    if (!rule.enabled || windowEnd <= lastEnd || (stall === undefined && !isOpen)) return undefined
    lastEnd = windowEnd
    const windowStart = windowEnd - minuteMs
    if (isSuppressed(windowStart, windowEnd)) return undefined
    const judged = [pipelineStalled.kind]
    if (stall === undefined) return { windowStart, windowEnd, findings: [], judged }
    const seconds = Math.round((nowMs - stall.since) / 1_000)
    const finding = selfFinding(pipelineStalled, {
      severity: severityAfter(rule, nowMs - stall.since),
      windowStart,
      windowEnd,
      since: stall.since,
      value: stall.lag,
      details: `${textOf(stall, seconds)} Meanwhile no window is judged: silence says nothing about the shop.`,
      evidence: {
        cause: stall.cause,
        since: new Date(stall.since).toISOString(),
        lag: stall.lag,
        subject: stall.subject ?? null
      }
    })
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
    case 'nothing_closes':
      return `No window has closed for ${seconds} s although events were read.`
    case 'windows_wait':
      return `Closed windows have waited for ${seconds} s for ${subject}.`
    case 'not_confirmed':
      return `The consumer group has not confirmed this instance for ${seconds} s after it was paused: nothing is stored, committed or sent.`
    case 'partition_holds':
      return `Partition ${subject} has held back the windows of all others for ${seconds} s.`
    case 'lag_grows':
      return `The lag has grown for ${seconds} s, to ${lag.toLocaleString('en')} records.`
    case 'broker_slow':
      return `Reading has not kept up for ${seconds} s, and ${lag.toLocaleString('en')} records are behind: ${error}.`
    case 'topic_missing':
      return `Kafka has had no topic ${subject} for ${seconds} s.`
    case 'commits_refused':
      return `Kafka has accepted no commit for ${seconds} s: ${error ?? 'no answer'}. Windows that only the clock closes wait for it.`
    case 'dead_letters_refused':
      return `No dead letter has been kept for ${seconds} s: ${error ?? 'no answer'}. Until one is, nothing is committed, and windows that only the clock closes wait.`
    case 'partition_stuck':
      return `Partition ${subject} has been stuck for ${seconds} s, ${error}.`
    case 'schema_registry_away':
      return `No record has been read for ${seconds} s: ${error}. Records wait for their schemas, and none is lost.`
    case 'not_joined':
      return `The consumer group has assigned no work for ${seconds} s${error === undefined ? '' : `: ${error}`}.`
    default:
      return cause satisfies never
  }
}
