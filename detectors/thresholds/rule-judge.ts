import type { MetricDefinition, WindowMetrics } from '../../src/metrics/types.ts'
import { hourMs } from '../../src/time/units.ts'
import { otherValue } from '../../src/window/measure.ts'
import type { Segment } from '../../src/window/segment.ts'
import type { LocalDays } from './local-days.ts'
import type { ThresholdRule } from './options.ts'
import { createTotals, type Total } from './totals.ts'

/** What a rule says of a segment at a close: found, or how what was found before stands. */
export interface Judged {
  readonly segment: Segment
  readonly state: 'found' | 'lasts' | 'over'
  readonly value: number
  /** The start of the span. */
  readonly fromMs: number
}

export interface RuleJudgeOptions {
  readonly rule: ThresholdRule
  readonly definition: MetricDefinition | undefined
  readonly windowMs: number
  readonly days: LocalDays
}

/** Windows that are missing could only add to it. */
const growing: ReadonlySet<string> = new Set(['count', 'distinct', 'sum'])

/** Of a close: the local day of its window, and whether the rule is asked. */
interface Close {
  readonly day: number
  readonly endsDay: boolean
  readonly isAsked: boolean
}

/**
 * Follows one rule, fed every window once, in order. What is found lasts until it is known to be over; over the local day
 * so far, until that day ends.
 */
export function createRuleJudge({ rule, definition, windowMs, days }: RuleJudgeOptions) {
  const { over, hours, direction, threshold, once } = rule
  const totals = createTotals(rule, definition, windowMs, days)
  const grows = growing.has(definition?.kind ?? '')
  const isOfToday = over.kind === 'days' && over.days === 1
  /** The day on which it was found first, of what is not over. */
  const open = new Map<Segment, number>()
  /** The same of what was over since, of a rule that is found once in a day. */
  const foundOn = new Map<Segment, number>()
  let lastEndMs: number | undefined

  const isBeyond = (value: number) => (direction === 'above' ? value > threshold : value < threshold)

  /** Undefined where windows are missing that could change it. */
  function holds({ value, isWhole }: Total): boolean | undefined {
    if (direction === 'above' && grows && isBeyond(value ?? 0)) return true
    return isWhole ? value !== null && isBeyond(value) : undefined
  }

  function stateOf(total: Total, segment: Segment, { day, endsDay, isAsked }: Close) {
    const since = open.get(segment)
    if (since === undefined)
      return isAsked && foundOn.get(segment) !== day && holds(total) ? 'found' : undefined
    if (isOfToday && (endsDay || since !== day)) return 'over'
    // What is too little in the morning may be enough at the hour that counts.
    if (!isAsked && direction === 'below') return 'lasts'
    const isHolding = holds(total)
    if (isHolding === false) return 'over'
    return isAsked && isHolding ? 'found' : 'lasts'
  }

  function judgeOne(segment: Segment, close: Close): readonly Judged[] {
    const total = totals.of(segment)
    const state = stateOf(total, segment, close)
    if (state === undefined) return []
    if (state === 'over') open.delete(segment)
    if (state === 'found' && !open.has(segment)) open.set(segment, close.day)
    if (state === 'found' && once === 'day') foundOn.set(segment, close.day)
    return [{ segment, state, value: total.value ?? 0, fromMs: total.fromMs }]
  }

  function closeOf({ start, end }: WindowMetrics): Close {
    const hour = days.struck(Math.max(lastEndMs ?? start, end - hourMs), end)
    lastEndMs = end
    const day = days.dayOf(start)
    return {
      day,
      endsDay: days.dayOf(end) !== day,
      isAsked: hours === undefined || (hour !== undefined && hours.includes(hour))
    }
  }

  /** Only what was found lasts or ends: nothing else is looked at between the hours. */
  function segmentsOf({ isAsked }: Close): Iterable<Segment> {
    if (!isAsked) return open.keys()
    if (rule.segment !== undefined) return [rule.segment as Segment]
    const other: Segment = `${rule.dimension}=${otherValue}`
    return [...new Set([...totals.segments(), ...open.keys()])].filter(segment => segment !== other)
  }

  return function judge(window: WindowMetrics): readonly Judged[] {
    totals.enter(window)
    const close = closeOf(window)
    for (const [segment, day] of foundOn) if (day !== close.day) foundOn.delete(segment)
    return [...segmentsOf(close)].flatMap(segment => judgeOne(segment, close))
  }
}
