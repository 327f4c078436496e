import { median } from 'simple-statistics'
import { type Anomaly, type Severity, severities } from '../../detectors/types.ts'
import type { Label } from '../../producer/plan.ts'
import { fittingKinds, harmlessKinds } from '../../src/demo/fitting.ts'
import { meansOf, type PerCause } from '../../src/demo/per-cause.ts'
import { minuteMs } from '../../src/time/units.ts'

/** What was found of one stream. */
export interface Outcome {
  readonly label: Label | undefined
  readonly delayMs: number | undefined
  readonly named: boolean | undefined
  readonly kinds: readonly string[]
  readonly falseAlarms: readonly Anomaly[]
  readonly causes: readonly PerCause[]
}

export const columns = [
  'scenario',
  'found',
  'named',
  'median delay',
  'longest',
  'severity at first',
  'at the end',
  'above low elsewhere',
  'incidents',
  'pages',
  'messages',
  'cause right',
  'found first by'
]

function namedBy({ segment, explainedBy, evidence }: Anomaly): string | undefined {
  if (typeof evidence['fields'] === 'string') return `field=${evidence['fields'].split(', ')[0]}`
  return segment === 'all' ? explainedBy[0]?.segment : segment
}

export function outcomeOf(label: Label | undefined, anomalies: readonly Anomaly[]): Omit<Outcome, 'causes'> {
  const isOf = ({ windowStart, windowEnd }: Anomaly) =>
    label !== undefined && windowEnd > label.startMs && windowStart <= label.endMs + 20 * minuteMs
  const raised = anomalies.filter(isOf)
  const fitting = raised.filter(
    ({ kind, windowEnd }) =>
      label !== undefined &&
      windowEnd <= label.endMs + 10 * minuteMs &&
      fittingKinds[label.kind]?.finds.includes(kind)
  )
  const naming = fitting.map(namedBy).find(segment => segment !== undefined)
  const harmless = label !== undefined && harmlessKinds.has(label.kind)
  return {
    label,
    delayMs: label && fitting[0] && fitting[0].windowEnd - label.startMs,
    named: label?.segment === undefined ? undefined : naming === label.segment,
    kinds: [
      ...new Set(
        raised.map(
          ({ kind, segment, severity }) => `${kind}${segment === 'all' ? '' : ` ${segment}`} (${severity})`
        )
      )
    ],
    falseAlarms: anomalies.filter(one => (harmless || !isOf(one)) && one.severity !== 'low')
  }
}

/** One line; with `all`, also what was raised. */
export function describe({ label, delayMs, named, kinds, falseAlarms }: Outcome, all: boolean): string {
  const what = label
    ? `depth ${label.depth} ${label.segment ?? ''} at ${new Date(label.startMs).toISOString()}`
    : ''
  const found = delayMs === undefined ? 'not found' : `after ${(delayMs / minuteMs).toFixed(1)} min`
  const rest = all
    ? `\n    ${kinds.join(', ')}${falseAlarms.map(one => `\n    false: ${one.kind} ${one.segment} ${one.severity} ${new Date(one.windowEnd).toISOString()} ${one.details}`).join('')}`
    : ''
  return `${what} ${found}${named === undefined ? '' : named ? ', named' : ', not named'}, ${falseAlarms.length} false${rest}`
}

/** The row of a scenario, as `columns` names it. */
export function rowOf(scenario: string, outcomes: readonly Outcome[]): string[] {
  const delays = outcomes.flatMap(({ delayMs }) => (delayMs === undefined ? [] : [delayMs / minuteMs]))
  const naming = outcomes.filter(({ named }) => named !== undefined)
  const first = new Map<string, number>()
  for (const { kinds } of outcomes)
    for (const kind of kinds.slice(0, 1)) first.set(kind, (first.get(kind) ?? 0) + 1)
  return [
    scenario,
    scenario === 'steady' || harmlessKinds.has(scenario) ? '' : `${delays.length} of ${outcomes.length}`,
    naming.length === 0 ? '' : `${naming.filter(({ named }) => named).length} of ${naming.length}`,
    delays.length === 0 ? '' : `${median(delays).toFixed(1)} min`,
    delays.length === 0 ? '' : `${Math.max(...delays).toFixed(1)} min`,
    severitiesOf(outcomes, ({ firstSeverity }) => firstSeverity),
    severitiesOf(outcomes, ({ finalSeverity }) => finalSeverity),
    String(outcomes.reduce((sum, { falseAlarms }) => sum + falseAlarms.length, 0)),
    ...perCauseCells(outcomes.flatMap(({ causes }) => causes)),
    [...first].map(([kind, count]) => `${kind} ${count}`).join(', ')
  ]
}

function severitiesOf(outcomes: readonly Outcome[], of: (cause: PerCause) => Severity | undefined): string {
  const counts = severities.map(severity => {
    const count = outcomes.flatMap(({ causes }) => causes).filter(cause => of(cause) === severity).length
    return count > 0 ? [`${severity} ${count}`] : []
  })
  return counts.flat().join(', ')
}

function perCauseCells(causes: readonly PerCause[]): string[] {
  const { found, incidents, pages, messages, right } = meansOf(causes)
  if (found === 0) return ['', '', '', '']
  return [...[incidents, pages, messages].map(mean => mean.toFixed(1)), `${right} of ${found}`]
}
