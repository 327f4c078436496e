import { minuteMs } from '../../src/time/units.ts'
import type { Segment } from '../../src/window/segment.ts'
import { kindOf } from '../kind-of.ts'
import { moreSevere } from '../rules/severity.ts'
import type { Finding, Severity } from '../types.ts'
import { partsOf } from './explain.ts'

/** A finding on one segment, and where its cause began. */
export interface Symptom {
  readonly finding: Finding
  readonly probability: number
  /** Milliseconds since the epoch, and how far that may be off. */
  readonly fellAtMs: number
  readonly reachMs: number
}

/** What is reported of a cause: the kind and segment that were reported first. It holds while it lasts. */
interface Cause {
  kind: string
  segment: Segment
  /** Where it began: between the two. */
  readonly fromMs: number
  readonly toMs: number
  /** Segments that show it. */
  readonly segments: Set<Segment>
  /** When it was last seen, and when in the reported segment. */
  seenMs: number
  ownerSeenMs: number
}

/** How far an uncertain beginning counts as the same one. */
const mostReachMs = 20 * minuteMs
/** A finding on the whole shop is explained by segments with this share of its change. */
const mostOfIt = 0.5
const mostNamed = 5

/**
 * One finding for each cause. Segments that fell together are one cause: the most improbable one is reported, and stays the
 * reported one. A finding on the whole shop that was reported first owns the segments that explain it or fell with it; a later
 * one joins the segment that explains it and raises its severity. A function of the windows fed.
 */
// oxlint-disable-next-line max-lines-per-function -- one state that each window reads and changes
export function createRootCauses(togetherMs: number) {
  let causes: Cause[] = []

  function add(cause: Omit<Cause, 'seenMs' | 'ownerSeenMs'>, nowMs: number): Cause {
    const fresh = { ...cause, seenMs: nowMs, ownerSeenMs: nowMs }
    causes.push(fresh)
    return fresh
  }

  /** What of the whole shop is reported, and what joins a segment that was reported before. */
  function settleWhole(findings: readonly Finding[], nowMs: number) {
    const reported: Finding[] = []
    const joined = new Map<Cause, Finding[]>()
    for (const finding of findings) {
      const { kind, explainedBy, windowStart, windowEnd } = finding
      const own = causes.find(cause => cause.segment === 'all' && cause.kind === kind)
      const older = causes.find(cause => cause.segment !== 'all' && explains(cause, finding, nowMs))
      if (!kindOf(kind)?.foundInSegments) reported.push(finding)
      else if (own) {
        own.seenMs = nowMs
        for (const { segment } of explainedBy) own.segments.add(segment)
        reported.push(finding)
      } else if (older) {
        older.seenMs = nowMs
        joined.set(older, [...(joined.get(older) ?? []), finding])
      } else {
        const segments = new Set(explainedBy.map(({ segment }) => segment))
        add({ kind, segment: 'all', fromMs: windowStart - togetherMs, toMs: windowEnd, segments }, nowMs)
        reported.push(finding)
      }
    }
    return { reported, joined }
  }

  function explains({ segments, ownerSeenMs }: Cause, { explainedBy }: Finding, nowMs: number): boolean {
    if (nowMs - ownerSeenMs > togetherMs) return false
    const shares = new Map<string, number>()
    for (const { segment, share } of explainedBy) {
      const dimension = segment.slice(0, segment.indexOf('='))
      if (segments.has(segment)) shares.set(dimension, (shares.get(dimension) ?? 0) + share)
    }
    return Math.max(0, ...shares.values()) >= mostOfIt
  }

  function causeOf({ finding: { kind, segment }, fellAtMs, reachMs }: Symptom, nowMs: number): Cause {
    const reach = Math.min(reachMs, mostReachMs)
    const known =
      causes.find(cause => cause.segments.has(segment)) ??
      causes.find(cause => fellAtMs + reach >= cause.fromMs && fellAtMs - reach <= cause.toMs)
    if (known) return known
    const [fromMs, toMs] = [fellAtMs - togetherMs - reach, fellAtMs + togetherMs + reach]
    return add({ kind, segment, fromMs, toMs, segments: new Set() }, nowMs)
  }

  /** One finding for a cause that segments show. */
  function report(
    cause: Cause,
    symptoms: readonly Symptom[],
    joined: readonly Finding[],
    nowMs: number
  ): Finding {
    const isOwner = ({ finding }: Symptom) => finding.kind === cause.kind && finding.segment === cause.segment
    const ownSegment = symptoms.find(({ finding }) => finding.segment === cause.segment)
    const first = symptoms[0]
    if (ownSegment) cause.ownerSeenMs = nowMs
    else if (first && nowMs - cause.ownerSeenMs > togetherMs) {
      cause.kind = first.finding.kind
      cause.segment = first.finding.segment
      cause.ownerSeenMs = nowMs
    }
    const shown = (symptoms.find(isOwner) ?? ownSegment ?? first)?.finding ?? (joined[0] as Finding)
    const all = [...symptoms.map(({ finding }) => finding), ...joined]
    const severity = all.reduce<Severity>(
      (worst, { severity }) => moreSevere(worst, severity),
      shown.severity
    )
    const others = [...new Set(all.map(({ segment }) => segment))].filter(
      segment => segment !== 'all' && segment !== cause.segment
    )
    const evidence = {
      ...shown.evidence,
      ...(others.length > 0 && { fell_together: others.slice(0, mostNamed).join(', ') }),
      ...(joined[0] && { shop_value: joined[0].value, shop_expected: joined[0].expected })
    }
    return { ...shown, kind: cause.kind, segment: cause.segment, severity, evidence }
  }

  /** `whole`: what was found on the whole shop. `nowMs`: the end of the window that is judged. */
  return function settle(
    whole: readonly Finding[],
    symptoms: readonly Symptom[],
    nowMs: number
  ): readonly Finding[] {
    causes = causes.filter(({ seenMs }) => nowMs - seenMs <= togetherMs)
    const { reported, joined } = settleWhole(whole, nowMs)
    const shown = new Map<Cause, Symptom[]>([...joined.keys()].map(cause => [cause, []]))
    for (const symptom of [...symptoms].sort(byWeight)) {
      const cause = causeOf(symptom, nowMs)
      cause.segments.add(symptom.finding.segment)
      if (cause.segment === 'all') continue
      cause.seenMs = nowMs
      shown.set(cause, [...(shown.get(cause) ?? []), symptom])
    }
    return [
      ...reported,
      ...[...shown].map(([cause, own]) => report(cause, own, joined.get(cause) ?? [], nowMs))
    ]
  }
}

/** A combination comes after what a single dimension shows; then the most improbable first. */
function byWeight(a: Symptom, b: Symptom): number {
  return (
    partsOf(a.finding.segment).length - partsOf(b.finding.segment).length || a.probability - b.probability
  )
}
