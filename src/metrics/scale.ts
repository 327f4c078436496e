import type { MetricDefinition, Scale } from './types.ts'

const adding: ReadonlySet<MetricDefinition['kind']> = new Set(['count', 'sum', 'balance'])

export const scaleOf = ({ unit, kind, additive = adding.has(kind) }: MetricDefinition): Scale => ({
  unit,
  additive
})
