import { InvalidArgumentError } from 'commander'
import { parseDuration, parseShare } from '../../detectors/rules/units.ts'
import type { Layout } from '../../producer/layouts/layout.ts'
import type { Pace } from '../../producer/pace.ts'
import { demoPlan, type Plan, type Scenario, scenarioPlan } from '../../producer/plan.ts'
import { segmentsOf } from '../../producer/segment.ts'
import { defaultShop } from '../../producer/shop.ts'
import { minuteMs } from '../time/units.ts'

/** What `cartwatch produce` takes, parsed. Times in milliseconds. */
export interface ProduceOptions {
  readonly scenario: Scenario
  readonly seed: number
  readonly start?: number
  readonly duration?: number
  readonly ordersPerMinute?: number
  readonly incidentAfter?: number
  readonly incidentLength?: number
  readonly depth?: number
  readonly segment?: string
  readonly layout: Layout
  readonly timezoneOffset?: number
  readonly to: string
  readonly topic: string
  readonly config?: string
  readonly brokers?: string
  readonly partitions: number
  readonly force: boolean
  readonly speed?: number
  readonly rate?: number
  readonly labels?: string
}

const defaultDurationMs = 6 * 60 * minuteMs
/** How far ahead of their record an event time may lie before a reader takes it for the far future. */
const trustedAheadMs = minuteMs

export type Planned =
  | { readonly kind: 'plan'; readonly plan: Plan; readonly pace: Pace }
  | { readonly kind: 'refused'; readonly message: string }

/** Makes the plan of the options. Without a start the stream ends at `nowMs`, or begins there at 1x. */
export function planOf(options: ProduceOptions, nowMs: number): Planned {
  if (options.speed !== undefined && options.rate !== undefined) {
    return refused('give either --speed or --rate, not both')
  }
  const { scenario } = options
  if (scenario === 'demo') {
    const given = (
      [
        ['--duration', options.duration],
        ['--incident-after', options.incidentAfter],
        ['--incident-length', options.incidentLength],
        ['--depth', options.depth],
        ['--segment', options.segment],
        ['--timezone-offset', options.timezoneOffset]
      ] as const
    ).find(([, value]) => value !== undefined)
    if (given) return refused(`${given[0]} is not for --scenario demo: its seed determines that`)
  }
  const unknown = refusedSegment(scenario, options.segment)
  if (unknown !== undefined) return refused(unknown)
  const planFrom = (startMs: number): Plan =>
    scenario === 'demo'
      ? demoPlan(options.seed, startMs, defined({ ordersPerMinute: options.ordersPerMinute }))
      : scenarioPlan({
          scenario,
          seed: options.seed,
          startMs,
          durationMs: options.duration ?? defaultDurationMs,
          shop: defined({
            timezoneOffsetMinutes: options.timezoneOffset,
            ordersPerMinute: options.ordersPerMinute
          }),
          ...defined({
            incidentAfterMs: options.incidentAfter,
            incidentLengthMs: options.incidentLength,
            depth: options.depth
          }),
          ...(options.segment === undefined ? {} : { segment: options.segment })
        })
  const drafted = planFrom(options.start ?? 0)
  const lengthMs = drafted.endMs - drafted.startMs
  const livesNow = options.speed === 1
  const startMs = options.start ?? wholeMinute(livesNow ? nowMs : nowMs - lengthMs)
  const plan = options.start === undefined ? planFrom(startMs) : drafted
  const outside = plan.incidents.find(one => one.startMs < plan.startMs || one.endMs > plan.endMs)
  if (outside)
    return refused('the incident is not within the stream: see --incident-after and --incident-length')
  const sendingMs = options.speed === undefined ? 0 : lengthMs / options.speed
  if (options.to === 'kafka' && plan.endMs > nowMs + sendingMs + trustedAheadMs) {
    return refused(
      `the stream would end in the future, at ${iso(plan.endMs)}: use an earlier --start, or --speed 1x`
    )
  }
  return { kind: 'plan', plan, pace: paceOf(options) }
}

export function parseStart(text: string): number {
  const timeMs = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?$/.test(text)
    ? Date.parse(text)
    : Number.NaN
  if (Number.isNaN(timeMs)) throw new InvalidArgumentError('Expected a time such as 2026-01-05T08:00:00Z.')
  return timeMs
}

export function parseSpan(text: string): number {
  const ms = parseDuration(text)
  if (ms === undefined || ms <= 0)
    throw new InvalidArgumentError('Expected a duration such as 90m, 6h or 7d.')
  return ms
}

export function parseSeed(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('Expected a whole number, 0 or more.')
  return Number(text)
}

export function parsePositive(text: string): number {
  const number = Number(text)
  if (!(number > 0 && Number.isFinite(number))) throw new InvalidArgumentError('Expected a number above 0.')
  return number
}

export function parseCount(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new InvalidArgumentError('Expected a whole number from 1 to 9999.')
  return Number(text)
}

export function parseSpeed(text: string): number {
  const match = /^(\d+(?:\.\d+)?)x?$/.exec(text)
  if (!match || Number(match[1]) <= 0) throw new InvalidArgumentError('Expected a speed such as 1x or 60x.')
  return Number(match[1])
}

export function parseDepth(text: string): number {
  const depth = parseShare(text)
  if (depth === undefined || depth <= 0 || depth > 20) {
    throw new InvalidArgumentError('Expected a share such as 80% or 0.8.')
  }
  return depth
}

export function parseTopic(text: string): string {
  if (!/^(?!\.{1,2}$)[\w.-]{1,249}$/.test(text))
    throw new InvalidArgumentError('Expected a Kafka topic: letters, digits, dots, - and _.')
  return text
}

/** Minutes east of UTC from `+02:00`. */
export function parseOffset(text: string): number {
  const match = /^([+-])(\d{2}):([0-5]\d)$/.exec(text)
  const minutes = match ? Number(match[2]) * 60 + Number(match[3]) : Number.NaN
  if (!(minutes <= 14 * 60)) throw new InvalidArgumentError('Expected an offset from UTC such as +02:00.')
  return match?.[1] === '-' ? -minutes : minutes
}

export const defaults = { ordersPerMinute: defaultShop.ordersPerMinute, durationMs: defaultDurationMs }

function paceOf({ speed, rate }: ProduceOptions): Pace {
  if (speed !== undefined) return { kind: 'speed', factor: speed }
  if (rate !== undefined) return { kind: 'rate', recordsPerSecond: rate }
  return { kind: 'unlimited' }
}

/** Leaves out what is undefined. */
function defined<Key extends string>(
  given: Readonly<Record<Key, number | undefined>>
): Partial<Record<Key, number>> {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)) as Partial<
    Record<Key, number>
  >
}

function refusedSegment(scenario: Scenario, segment: string | undefined): string | undefined {
  if (segment === undefined) return undefined
  const possible = scenario === 'steady' || scenario === 'demo' ? [] : segmentsOf(scenario)
  if (possible.includes(segment)) return undefined
  return possible.length === 0
    ? `--segment is not for ${scenario}, which hits the whole shop`
    : `${scenario} cannot hit --segment ${segment}; expected one of ${possible.join(', ')}`
}

function refused(message: string): Planned {
  return { kind: 'refused', message }
}

function wholeMinute(timeMs: number): number {
  return Math.floor(timeMs / minuteMs) * minuteMs
}

function iso(timeMs: number): string {
  return new Date(timeMs).toISOString()
}
