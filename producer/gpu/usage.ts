import type { Label } from '../plan.ts'
import { type Uniform, uniformOf } from '../random.ts'
import type { ShopRecord } from '../record.ts'
import { isoTimes } from '../times.ts'
import { baseResources, burstResources, type Resource } from './fleet.ts'
import type { GpuPlan } from './plan.ts'

const intervalMs = 300_000
const dayMs = 86_400_000
/** Reports of an interval come within so long. */
const spreadMs = 20_000

/** The plan's usage reports in order of their time, each at the end of its interval; the same for the same plan. */
export function* usageOf(plan: GpuPlan): Generator<ShopRecord> {
  const report = reporting(plan)
  const isoTime = isoTimes()
  for (let at = Math.ceil(plan.startMs / intervalMs) * intervalMs; at < plan.endMs; at += intervalMs) {
    const reports = report(at).filter(({ timeMs }) => timeMs < plan.endMs)
    for (const { timeMs, id, fields } of reports.sort((one, other) => one.timeMs - other.timeMs)) {
      const line = `{"event_time":"${isoTime(timeMs)}","event_type":"gpu_usage","event_id":"${id}-${at / intervalMs}",${fields}}`
      yield { eventTime: timeMs, arrivalMs: timeMs, sessionId: id, line }
    }
  }
}

interface Report {
  readonly timeMs: number
  readonly id: string
  /** As JSON, without braces. */
  readonly fields: string
}

/** The reports of the interval that ends at a time. */
function reporting({ seed, currency, incidents }: GpuPlan): (at: number) => Report[] {
  const reporterOf = (resource: Resource, running?: Label) => ({
    running,
    report: reporterFor(resource, seed, currency, idleTimes(resource, incidents))
  })
  const reporters = [
    ...baseResources.map(resource => reporterOf(resource)),
    ...incidents
      .filter(({ kind }) => kind === 'gpu_burn')
      .flatMap(burn => burstResources(burn.depth).map(resource => reporterOf(resource, burn)))
  ]
  return at =>
    reporters.flatMap(({ running, report }) =>
      running === undefined || isIn(running, at) ? [report(at)] : []
    )
}

const idleTimes = ({ id }: Resource, incidents: readonly Label[]) =>
  incidents.filter(({ kind, segment }) => kind === 'gpu_idle' && segment === `resource_id=${id}`)

const isIn = ({ startMs, endMs }: Label, at: number) => at >= startMs && at < endMs

function reporterFor(
  { id, gpu, provider, model, perHour }: Resource,
  seed: number,
  currency: string,
  idle: readonly Label[]
): (at: number) => Report {
  const uniform = uniformOf(seed, `gpu ${id}`)
  const usual = 0.4 + 0.4 * uniform()
  const names = `"resource_id":"${id}","gpu":"${gpu}","provider":"${provider}","model":"${model}"`
  return at => {
    const delayMs = Math.floor(uniform() * spreadMs)
    // Prices of the moment waver.
    const cost = fourPlaces(((perHour * intervalMs) / 3_600_000) * (0.98 + 0.04 * uniform()))
    const busy = utilization(usual, at, uniform)
    const used = idle.some(one => isIn(one, at)) ? fourPlaces(busy * 0.04) : busy
    const measured = `"cost":${cost},"currency":"${currency}","utilization":${used},"interval_s":${intervalMs / 1_000}`
    return { timeMs: at + delayMs, id, fields: `${names},${measured}` }
  }
}

/** Around the usual by the hour of the day and by chance. */
function utilization(usual: number, at: number, uniform: Uniform): number {
  const wave = 0.1 * Math.sin((2 * Math.PI * (at % dayMs)) / dayMs)
  return fourPlaces(Math.min(1, Math.max(0.06, usual + wave + 0.2 * (uniform() - 0.5))))
}

const fourPlaces = (number: number) => Math.round(number * 10_000) / 10_000
