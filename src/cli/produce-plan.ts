import type { Pace } from '../../producer/pace.ts'
import { demoPlan, type Plan, type Scenario, scenarioPlan } from '../../producer/plan.ts'
import { segmentsOf } from '../../producer/segment.ts'
import { minuteMs } from '../time/units.ts'
import type { ProduceOptions } from './produce-options.ts'

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
      ? inCurrency(demoPlan(options.seed, startMs, options.ordersPerMinute), options.currency)
      : scenarioPlan({
          scenario,
          seed: options.seed,
          startMs,
          durationMs: options.duration ?? defaultDurationMs,
          shop: {
            basket: options.basket,
            currency: options.currency,
            ...defined({
              timezoneOffsetMinutes: options.timezoneOffset,
              ordersPerMinute: options.ordersPerMinute
            })
          },
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
  const isLive = livesNow && options.start === undefined
  return { kind: 'plan', plan, pace: isLive ? { kind: 'live' } : paceOf(options) }
}

function paceOf({ speed, rate }: ProduceOptions): Pace {
  if (speed !== undefined) return { kind: 'speed', factor: speed }
  if (rate !== undefined) return { kind: 'rate', recordsPerSecond: rate }
  return { kind: 'unlimited' }
}

const inCurrency = (plan: Plan, currency: string): Plan => ({ ...plan, shop: { ...plan.shop, currency } })

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
