import type { MetricValue, SegmentValue, WindowMetrics } from '../../src/metrics/types.ts'
import type { Recommendation } from '../../src/store/tables/recommendations.ts'
import { hourMs } from '../../src/time/units.ts'

/** A GPU of a fleet, and what it does in an hour that begins then. */
export interface TestGpu {
  readonly id: string
  readonly gpu: string
  readonly provider: string
  readonly model: string
  readonly hourlyCost: number
  /** A share; null in hours of which there is no row. */
  readonly utilizationAt: (startMs: number) => number | null
}

export const gpuOf = (id: string, overrides: Partial<TestGpu> = {}): TestGpu => ({
  ...{ id, gpu: 'H100', provider: 'aws', model: 'llama-70b', hourlyCost: 2, utilizationAt: () => 0.01 },
  ...overrides
})

const sumOf = (numerator: number): MetricValue => ({
  ...{ value: numerator, numerator, denominator: 1, sampleSize: 1, squares: 0 }
})
const shareOf = (share: number): MetricValue => ({
  ...{ value: share, numerator: share * 3_600, denominator: 3_600, sampleSize: 3_600, squares: 0 }
})

/** Windows of an hour each in [fromMs, toMs), of a fleet that is measured all the time. */
export const gpuHours = (fromMs: number, toMs: number, fleet: readonly TestGpu[]): WindowMetrics[] =>
  Array.from({ length: Math.round((toMs - fromMs) / hourMs) }, (_, at) => {
    const start = fromMs + at * hourMs
    const there = fleet.filter(({ utilizationAt }) => utilizationAt(start) !== null)
    const byModel = new Map<string, number>()
    for (const { model, hourlyCost } of there) byModel.set(model, (byModel.get(model) ?? 0) + hourlyCost)
    const total = there.reduce((sum, { hourlyCost }) => sum + hourlyCost, 0)
    return {
      ...{ start, end: start + hourMs, complete: true, records: 1 },
      values: new Map([['gpu_cost', sumOf(total)]]),
      segments: [
        ...there.flatMap(gpu => rowsOf(gpu, gpu.utilizationAt(start) ?? 0)),
        ...[...byModel].map(([model, cost]) => costOf('model', `model=${model}`, cost))
      ]
    }
  })

const costOf = (dimension: string, segment: SegmentValue['segment'], cost: number): SegmentValue => ({
  ...{ metric: 'gpu_cost', dimension, segment },
  ...sumOf(cost)
})

function rowsOf({ id, gpu, provider, model, hourlyCost }: TestGpu, utilization: number): SegmentValue[] {
  const resource = `resource_id=${id}` as const
  const combined = Object.entries({ gpu, provider, model }).map(([name, value]) =>
    costOf(`resource_id × ${name}`, `${resource} × ${name}=${value}`, hourlyCost)
  )
  const used = { metric: 'gpu_utilization', dimension: 'resource_id', segment: resource }
  return [costOf('resource_id', resource, hourlyCost), { ...used, ...shareOf(utilization) }, ...combined]
}

/** As the configuration has it by default. */
export const costSettings = {
  cost: 'gpu_cost',
  utilization: 'gpu_utilization',
  resource: 'resource_id',
  gpu: 'gpu',
  provider: 'provider',
  model: 'model',
  idle: {
    below: 0.05,
    days: 7,
    raiseSavings: [
      { severity: 'medium', from: 500 },
      { severity: 'high', from: 2_000 }
    ]
  }
} as const

export const recommendationOf = (overrides: Partial<Recommendation> = {}): Recommendation => ({
  ...{ id: 'r', pipeline: 'gpu-cost', kind: 'idle_gpu', resource: 'gpu-1' },
  ...{ gpu: 'H100', provider: 'aws', model: 'llama-70b', severity: 'medium' },
  ...{ since: 0, lastSeen: 0, meanUtilization: 0.01, dailyCost: 40, monthlySavings: 1_200 },
  ...{ currency: 'USD', endedAt: null, evaluatedAt: 0 },
  ...overrides
})
