import { type GpuPlan, type GpuScenario, gpuPlan, gpuScenarios } from '../../producer/gpu/plan.ts'
import type { Pace } from '../../producer/pace.ts'
import { demoPlan, type Plan, type Scenario, scenarioPlan } from '../../producer/plan.ts'
import { segmentsOf } from '../../producer/segment.ts'
import { dayMs, minuteMs } from '../time/units.ts'
import type { ProduceOptions } from './produce-options.ts'

const defaultDurationMs = 6 * 60 * minuteMs
const gpuDurationMs = 30 * dayMs
/** How far ahead of their record an event time may lie before a reader takes it for the far future. */
const trustedAheadMs = minuteMs

type Drawn = 'scenario' | 'seed' | 'basket' | 'currency' | 'layout'
type Given = Exclude<keyof ProduceOptions, Drawn>

/** What says which events are produced; where they go to, and how fast, may be left open. */
export type StreamOptions = Pick<ProduceOptions, Drawn> & {
  readonly [Option in Given]?: ProduceOptions[Option] | undefined
}

export type Planned =
  | { readonly kind: 'plan'; readonly plan: Plan | GpuPlan; readonly pace: Pace }
  | { readonly kind: 'refused'; readonly message: string }

/** Makes the plan of the options. Without a start the stream ends at `nowMs`, or begins there at 1x. */
export function planOf(options: StreamOptions, nowMs: number): Planned {
  if (options.speed !== undefined && options.rate !== undefined) {
    return refused('give either --speed or --rate, not both')
  }
  const refusal = refusedOption(options)
  if (refusal !== undefined) return refused(refusal)
  const planFrom = planning(options)
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

/** The plan of the options from a start on. */
function planning(options: StreamOptions): (startMs: number) => Plan | GpuPlan {
  const { scenario, seed, currency, duration } = options
  if (scenario === 'demo')
    return startMs => inCurrency(demoPlan(seed, startMs, options.ordersPerMinute), currency)
  const incident = defined({
    incidentAfterMs: options.incidentAfter,
    incidentLengthMs: options.incidentLength,
    depth: options.depth
  })
  const east = defined({ timezoneOffsetMinutes: options.timezoneOffset })
  if (isOfGpus(scenario)) {
    const durationMs = duration ?? gpuDurationMs
    return startMs => gpuPlan({ scenario, seed, startMs, durationMs, currency, ...east, ...incident })
  }
  const shop = {
    basket: options.basket,
    currency,
    ...east,
    ...defined({ ordersPerMinute: options.ordersPerMinute })
  }
  return startMs =>
    scenarioPlan({
      scenario,
      seed,
      startMs,
      durationMs: duration ?? defaultDurationMs,
      shop,
      ...incident,
      ...(options.segment === undefined ? {} : { segment: options.segment })
    })
}

type AnyScenario = ProduceOptions['scenario']

export const isOfGpus = (scenario: AnyScenario): scenario is GpuScenario =>
  gpuScenarios.some(one => one === scenario)

/** Why an option does not fit the scenario. */
function refusedOption(options: StreamOptions): string | undefined {
  const { scenario } = options
  if (isOfGpus(scenario)) {
    const given = [
      options.ordersPerMinute !== undefined && '--orders-per-minute',
      options.segment !== undefined && '--segment',
      options.basket !== 'usual' && '--basket',
      options.layout !== 'native' && '--layout'
    ].find(option => option !== false)
    return given && `${given} is not for --scenario ${scenario}: it is of a shop`
  }
  if (scenario !== 'demo') return refusedSegment(scenario, options.segment)
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
  return given && `${given[0]} is not for --scenario demo: its seed determines that`
}

function paceOf({ speed, rate }: StreamOptions): Pace {
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

function refusedSegment(
  scenario: Exclude<Scenario, 'demo'>,
  segment: string | undefined
): string | undefined {
  if (segment === undefined) return undefined
  const possible = scenario === 'steady' ? [] : segmentsOf(scenario)
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
