import { pipelineStalled } from '../../detectors/kinds/pipeline-stalled.ts'
import type { Verdict } from '../../detectors/types.ts'
import { type Phrase, phrase } from '../language/phrase.ts'
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
      said: [phraseOf(stall, seconds), phrase('stall.meanwhile')],
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

/** By what closed windows wait for. */
const waitedFor: Readonly<Record<string, string>> = {
  'a commit': 'commit',
  'the history, which is being read': 'history',
  'the store': 'store'
}

/** What the source says itself is put in other languages; what Kafka or a server says stays. */
function errorValue(error: string): string | Phrase {
  const offset = /^at offset (\d+)$/.exec(error)?.[1]
  if (offset !== undefined) return phrase('stall.at_offset', { offset })
  const rate = /^the broker answers too slowly: (.+) KB\/s$/.exec(error)?.[1]
  if (rate === undefined) return error
  const isLeast = rate === 'less than 1'
  return phrase(isLeast ? 'stall.slower_than_1' : 'stall.slow', isLeast ? {} : { rate })
}

function phraseOf({ cause, lag, subject, error }: Stall, seconds: number): Phrase {
  const key = `stall.${cause}`
  const answer = error === undefined ? phrase('stall.no_answer') : errorValue(error)
  switch (cause) {
    case 'broker_gone':
    case 'store_unavailable':
    case 'memory_full':
    case 'nothing_closes':
    case 'not_confirmed':
      return phrase(key, { seconds })
    case 'windows_wait':
      return phrase(`${key}.${waitedFor[subject ?? ''] ?? 'store'}`, { seconds })
    case 'partition_holds':
    case 'topic_missing':
      return phrase(key, { seconds, subject: String(subject) })
    case 'lag_grows':
      return phrase(key, { seconds, lag })
    case 'broker_slow':
      return phrase(key, { seconds, lag, error: answer })
    case 'commits_refused':
    case 'dead_letters_refused':
    case 'schema_registry_away':
      return phrase(key, { seconds, error: answer })
    case 'partition_stuck':
      return phrase(key, { seconds, subject: String(subject), error: answer })
    case 'not_joined':
      return error === undefined
        ? phrase(key, { seconds })
        : phrase(`${key}_error`, { seconds, error: answer })
    default:
      return cause satisfies never
  }
}
