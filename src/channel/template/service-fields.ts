import type { Anomaly, Evidence } from '../../../detectors/types.ts'

/** Fields of alerts of other services, by docs/intake.md; null where an alert has none. */
const fields = [
  'model_id',
  'model_name',
  'current_value',
  'baseline_value',
  'threshold',
  'drift_percentage',
  'violation_type',
  'affected_groups',
  'event_type',
  'summary',
  'service',
  'component',
  'environment',
  'instance',
  'duration'
] as const

const longest = { field: 500, name: 120 }

type Clean = (text: string, longest: number) => string
type Value = Evidence[string]

/** What another service said in its alert. */
export function serviceFields({ evidence }: Pick<Anomaly, 'evidence'>, clean: Clean) {
  const shown = (value: Value): Value => (typeof value === 'string' ? clean(value, longest.field) : value)
  const within = (prefix: string): [string, Value][] =>
    Object.entries(evidence).flatMap(([key, value]) =>
      key.startsWith(`${prefix}.`) ? [[clean(key.slice(prefix.length + 1), longest.name), shown(value)]] : []
    )
  const own = Object.fromEntries(fields.map(field => [field, shown(evidence[field] ?? null)]))
  return {
    ...(own as Record<(typeof fields)[number], Value>),
    details: Object.fromEntries(within('detail')),
    metadata: Object.fromEntries(within('metadata')),
    metrics: Object.fromEntries(within('metrics')),
    links: within('link').map(([title, url]) => ({ title, url }))
  }
}
