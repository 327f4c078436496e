import type { Label } from '../plan.ts'
import { integer, uniformOf } from '../random.ts'
import { baseResources } from './fleet.ts'

/** What can happen to what GPUs cost. */
export const gpuScenarios = ['gpu_burn', 'gpu_idle'] as const
export type GpuScenario = (typeof gpuScenarios)[number]

/** The usage reports of a fleet of GPUs to draw. */
export interface GpuPlan {
  readonly seed: number
  readonly currency: string
  readonly startMs: number
  readonly endMs: number
  /** `gpu_burn`: so many more resources, as a share of the fleet; `gpu_idle`: one of its resources each. */
  readonly incidents: readonly Label[]
}

export interface GpuPlanOptions {
  readonly scenario: GpuScenario
  readonly seed: number
  readonly startMs: number
  readonly durationMs: number
  readonly currency: string
  /** Minutes east of UTC: where days begin. */
  readonly timezoneOffsetMinutes?: number
  readonly incidentAfterMs?: number
  readonly incidentLengthMs?: number
  readonly depth?: number
}

const minuteMs = 60_000
const dayMs = 1_440 * minuteMs
/** Long enough to pass a week. */
const idleMs = 8 * dayMs

export function gpuPlan(options: GpuPlanOptions): GpuPlan {
  const { scenario, seed, startMs, durationMs, currency } = options
  const incidents = scenario === 'gpu_burn' ? [burnOf(options)] : idlesOf(options)
  return { seed, currency, startMs, endMs: startMs + durationMs, incidents }
}

/** A whole day behind the first third of the stream, where there is one. */
function burnOf({ seed, startMs, durationMs, ...options }: GpuPlanOptions): Label {
  const uniform = uniformOf(seed, 'gpu burn')
  const drawnDepth = integer(uniform, 100, 160) / 100
  const share = uniform()
  const eastMs = (options.timezoneOffsetMinutes ?? 0) * minuteMs
  const earliestMs = startMs + durationMs / 3
  const firstDay = Math.ceil((earliestMs + eastMs) / dayMs)
  const days = Math.floor((startMs + durationMs + eastMs) / dayMs) - firstDay
  const drawnMs =
    days > 0 ? (firstDay + Math.floor(share * days)) * dayMs - eastMs : startMs + Math.floor(durationMs / 3)
  const beginMs = options.incidentAfterMs === undefined ? drawnMs : startMs + options.incidentAfterMs
  const lengthMs = options.incidentLengthMs ?? Math.min(dayMs, startMs + durationMs - beginMs)
  return {
    kind: 'gpu_burn',
    startMs: beginMs,
    endMs: beginMs + lengthMs,
    depth: options.depth ?? drawnDepth
  }
}

/** From a third of the stream to its end, or earlier, so that it passes a week. */
function idlesOf({ seed, startMs, durationMs, depth = 0.08, ...options }: GpuPlanOptions): readonly Label[] {
  const uniform = uniformOf(seed, 'gpu idle')
  const idle = baseResources
    .map(({ id }) => ({ id, at: uniform() }))
    .sort((one, other) => one.at - other.at)
    .slice(0, Math.max(1, Math.round(depth * baseResources.length)))
  const afterMs = options.incidentAfterMs ?? Math.min(durationMs / 3, Math.max(0, durationMs - idleMs))
  const beginMs = startMs + Math.floor(afterMs / minuteMs) * minuteMs
  const lengthMs = options.incidentLengthMs ?? startMs + durationMs - beginMs
  return idle
    .map(({ id }) => id)
    .sort()
    .map(id => ({
      kind: 'gpu_idle',
      startMs: beginMs,
      endMs: beginMs + lengthMs,
      depth: 1,
      segment: `resource_id=${id}`
    }))
}
