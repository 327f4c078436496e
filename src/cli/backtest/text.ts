import type { IncidentLabel } from '../../incident/labels.ts'
import type { StoredIncident } from '../../incident/types.ts'
import type { Backtest } from '../../run/assembly/backtest.ts'
import type { Comparison, Pair } from '../../run/backtest/compare.ts'
import { limitText } from '../../run/backtest/limit-text.ts'
import type { FoundAnomaly } from '../../run/backtest/outcome.ts'
import { versioned } from '../../store/tables/json-version.ts'
import { shownTime } from '../../time/shown-time.ts'
import { counted, span } from '../../time/texts.ts'
import { dayMs } from '../../time/units.ts'
import { textTable } from '../table.ts'

/** Incidents that are listed one by one. */
const mostListed = 40
const nothing = '–'

const number = (value: number): string => value.toLocaleString('en', { maximumFractionDigits: 1 })

const aWeek = (pages: number, { fromMs, toMs }: Backtest['span']): number =>
  (pages * 7 * dayMs) / Math.max(1, toMs - fromMs)

/** What changes, for people. `names`: of what is compared, before and after. */
export function backtestText(
  { span: asked, windows, comparison, limits, labels }: Backtest,
  names: Pair<string>,
  width: number
): string {
  const { anomalies, incidents, messages, pages } = comparison
  const head = ['', 'before', 'after', 'new', 'gone', 'earlier', 'later', 'graver', 'milder']
  const changed = (of: Comparison['anomalies'] | Comparison['incidents']) => [
    ...[of.before, of.after, of.new.length, of.gone.length].map(number),
    'earlier' in of ? number(of.earlier.length) : nothing,
    'later' in of ? number(of.later.length) : nothing,
    ...[of.graver.length, of.milder.length].map(number)
  ]
  const bare = (before: number, after: number) => [number(before), number(after)]
  const rows = [
    ['anomalies', ...changed(anomalies)],
    ['incidents', ...changed(incidents)],
    ...messages.map(one => [`messages to ${one.receiver}`, ...bare(one.before, one.after)]),
    ['pages', ...bare(pages.before, pages.after), number(pages.new)],
    ['pages a week', ...bare(aWeek(pages.before, asked), aWeek(pages.after, asked))]
  ]
  const listed = changesOf(comparison, labels)
  return [
    `${counted(windows, 'window')} from ${shownTime(asked.fromMs)} to ${shownTime(asked.toMs)} UTC`,
    `before: ${names.before}; after: ${names.after}`,
    textTable(
      head,
      rows.map(row => [...row, ...head.slice(row.length).map(() => '')]),
      width
    ),
    ...(listed.length > 0
      ? [
          textTable(
            ['change', 'opened (UTC)', 'incident', 'severity', 'label'],
            listed.slice(0, mostListed),
            width,
            2
          )
        ]
      : ['No incident changes.']),
    ...(listed.length > mostListed
      ? [`and ${counted(listed.length - mostListed, 'more change')}; --json has all`]
      : []),
    ...limits.map(limit => `Note: ${limitText(limit)}.`),
    ''
  ].join('\n')
}

/** Each incident that changes, the earliest first. */
function changesOf({ incidents }: Comparison, labels: ReadonlyMap<string, IncidentLabel>) {
  const labelOf = (...ids: string[]) => ids.flatMap(id => labels.get(id)?.verdict ?? [])[0] ?? ''
  const one = (change: string) => (incident: StoredIncident) => ({
    at: incident.openedAt,
    cells: [change, shownTime(incident.openedAt), nameOf(incident), incident.severity, labelOf(incident.id)]
  })
  const moved = new Map<Pair<StoredIncident>, string[]>()
  const note = (pairs: readonly Pair<StoredIncident>[], text: (pair: Pair<StoredIncident>) => string) => {
    for (const pair of pairs) moved.set(pair, [...(moved.get(pair) ?? []), text(pair)])
  }
  note(incidents.earlier, ({ before, after }) => `${span(before.openedAt - after.openedAt)} earlier`)
  note(incidents.later, ({ before, after }) => `${span(after.openedAt - before.openedAt)} later`)
  note(incidents.graver, () => 'graver')
  note(incidents.milder, () => 'milder')
  const pairs = [...moved].map(([{ before, after }, texts]) => ({
    at: after.openedAt,
    cells: [
      texts.join(', '),
      shownTime(after.openedAt),
      nameOf(after),
      before.severity === after.severity ? after.severity : `${before.severity} → ${after.severity}`,
      labelOf(after.id, before.id)
    ]
  }))
  return [...incidents.new.map(one('new')), ...incidents.gone.map(one('gone')), ...pairs]
    .toSorted((a, b) => a.at - b.at)
    .map(({ cells }) => cells)
}

const nameOf = ({ kind, segment }: StoredIncident): string =>
  segment === 'all' ? kind : `${kind} ${segment}`

/** The same for programs. */
export function backtestView(
  { span: asked, windows, comparison, limits, labels }: Backtest,
  names: Pair<string>
) {
  const { anomalies, incidents, messages, pages } = comparison
  const viewOfChanges = <One, View>(
    of: Comparison['anomalies'] | Comparison['incidents'],
    view: (one: One) => View
  ) => {
    const { before, after, ...changes } = of
    const lists = Object.entries(changes).map(([name, list]) => [
      name,
      (list as readonly (One | Pair<One>)[]).map(one =>
        isPair(one) ? { before: view(one.before), after: view(one.after) } : view(one)
      )
    ])
    return { before, after, ...Object.fromEntries(lists) }
  }
  return versioned({
    from: iso(asked.fromMs),
    to: iso(asked.toMs),
    windows,
    ...names,
    anomalies: viewOfChanges(anomalies, viewOfAnomaly),
    incidents: viewOfChanges(incidents, (one: StoredIncident) => ({
      ...viewOfIncident(one),
      label: labels.get(one.id)?.verdict ?? null
    })),
    messages: messages.map(one => ({ ...one })),
    pages: { ...pages },
    pages_per_week: { before: aWeek(pages.before, asked), after: aWeek(pages.after, asked) },
    notes: limits.map(limitText)
  })
}

const isPair = <One>(one: One | Pair<One>): one is Pair<One> =>
  typeof one === 'object' && one !== null && 'before' in one

const viewOfAnomaly = ({ id, kind, segment, severity, windowEnd }: FoundAnomaly) => ({
  ...{ id, anomaly_type: kind, segment, severity },
  window_end: iso(windowEnd)
})

const viewOfIncident = ({ id, kind, segment, severity, openedAt, resolvedAt }: StoredIncident) => ({
  ...{ id, kind, segment, severity },
  opened_at: iso(openedAt),
  resolved_at: resolvedAt === null ? null : iso(resolvedAt)
})

const iso = (ms: number): string => new Date(ms).toISOString()
