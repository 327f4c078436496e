import { median } from 'simple-statistics'
import { Document } from 'yaml'
import type { Tuning } from '../../../detectors/kind.ts'
import type { Ladder } from '../../../detectors/types.ts'
import type { Tune } from '../../run/assembly/tune.ts'
import type { DropsFound, KindTrials, Trial } from '../../run/tune/trial.ts'
import { versioned } from '../../store/tables/json-version.ts'
import { shownTime } from '../../time/shown-time.ts'
import { dayMs } from '../../time/units.ts'
import { limitText } from '../backtest/text.ts'
import { textTable } from '../table.ts'
import { counted, span } from '../times.ts'

const nothing = '–'
const number = (value: number): string => value.toLocaleString('en', { maximumFractionDigits: 1 })

const weekly = (pages: number, { fromMs, toMs }: Tune['span']): number =>
  (pages * 7 * dayMs) / Math.max(1, toMs - fromMs)

/** Depths that the table shows together, as shares. */
const groups = [
  { title: '10–30 %', from: 0.05, below: 0.35 },
  { title: '40–60 %', from: 0.35, below: 0.65 },
  { title: '70–90 %', from: 0.65, below: 0.95 }
]

/** For people: a table for each kind, and what to paste into the configuration. */
export function tuneText(tune: Tune, width: number): string {
  const { span: asked, windows, drops, seed, kinds, labels, limits } = tune
  const length = drops[0] && span(drops[0].endMs - drops[0].startMs)
  return [
    `${counted(windows, 'window')} from ${shownTime(asked.fromMs)} to ${shownTime(asked.toMs)} UTC, ${counted(labels, 'labelled incident')}`,
    drops.length === 0
      ? 'No drops: they need two and a half days.'
      : `${counted(drops.length, 'drop')} of ${length} each, seed ${seed}: found of all, and the median time until then`,
    ...kinds.map(one => `\n${headOf(one)}\n${kindTable(one, tune, width)}`),
    '',
    ...snippetLines(kinds),
    ...limits.map(limit => `Note: ${limitText(limit)}.`),
    ''
  ].join('\n')
}

const headOf = ({ kind, tuning, trials }: KindTrials): string => {
  const now = trials.find(({ isConfigured }) => isConfigured)
  return `${kind}: ${tuning.key}${now ? `, configured: ${shown(now.value, tuning)}` : ''}`
}

function kindTable(
  { tuning, trials, suggested }: KindTrials,
  { span: asked, labels }: Tune,
  width: number
): string {
  const hasDrops = trials.some(({ drops }) => drops !== undefined)
  const head = [
    tuning.key,
    ...['anomalies', 'incidents', 'pages a week'],
    ...(labels > 0 ? ['real', 'missed', 'false', 'expected'] : []),
    ...(hasDrops ? groups.map(({ title }) => title) : []),
    ''
  ]
  const rows = trials.map(one => [
    shown(one.value, tuning),
    ...[one.anomalies, one.incidents, weekly(one.pages, asked)].map(number),
    ...(labels > 0
      ? [one.labelled.real, one.missed, one.labelled.false, one.labelled.expected].map(number)
      : []),
    ...(hasDrops ? groups.map(group => groupText(one.drops ?? [], group)) : []),
    one === suggested ? 'suggested' : one.isConfigured ? 'configured' : ''
  ])
  return textTable(head, rows, width)
}

function groupText(drops: readonly DropsFound[], { from, below }: (typeof groups)[number]): string {
  const of = drops.filter(({ depth }) => depth >= from && depth < below)
  const sum = (part: (one: DropsFound) => number) => of.reduce((all, one) => all + part(one), 0)
  // Each depth weighs as much as it was found.
  const delays = of.flatMap(({ found, medianMs }) => Array<number>(found).fill(medianMs ?? 0))
  const soon = delays.length === 0 ? '' : `, ${span(median(delays))}`
  return of.length === 0 ? nothing : `${sum(one => one.found)}/${sum(one => one.drops)}${soon}`
}

const shown = (value: number, { unit }: Pick<Tuning, 'unit'>): string =>
  unit === 'share' ? `${Number((100 * value).toPrecision(6))}%` : `${value}`

/** As the configuration has it: a share as text, a number as one. */
const written = (value: number, tuning: Pick<Tuning, 'unit'>) =>
  tuning.unit === 'share' ? shown(value, tuning) : value

function snippetLines(kinds: readonly KindTrials[]): readonly string[] {
  const yaml = tuneYaml(kinds)
  return yaml === undefined
    ? [
        'No setting finds more drops, raises less or finds them sooner, without raising more or missing what was real.'
      ]
    : ['To find more drops, or as many sooner or with fewer incidents, paste into cartwatch.yaml:', '', yaml]
}

/** What is suggested, as a part of the configuration; undefined where nothing is. */
export function tuneYaml(kinds: readonly KindTrials[]): string | undefined {
  const better = kinds.flatMap(({ kind, tuning, suggested }) =>
    suggested ? [[kind, optionsOf(suggested, tuning)] as const] : []
  )
  if (better.length === 0) return undefined
  return new Document({ detectors: Object.fromEntries(better) }).toString({ lineWidth: 110 })
}

const optionsOf = ({ value, raised }: Trial, tuning: Tuning) => ({
  [tuning.key]: written(value, tuning),
  ...(raised && { [raised.key]: writtenLadder(raised.ladder, tuning) })
})

const writtenLadder = (ladder: Ladder, tuning: Tuning) =>
  Object.fromEntries(ladder.map(({ severity, from }) => [severity, written(from, tuning)]))

/** The same for programs. */
export const tuneView = ({ span: asked, seed, windows, drops, kinds, labels, limits }: Tune) =>
  versioned({
    from: iso(asked.fromMs),
    to: iso(asked.toMs),
    ...{ windows, seed },
    labelled_incidents: labels,
    drops: drops.map(({ startMs, endMs, depth }) => ({ from: iso(startMs), to: iso(endMs), depth })),
    kinds: kinds.map(({ kind, tuning, trials, suggested }) => ({
      ...{ kind, key: tuning.key },
      loss: tuning.finds ?? null,
      suggested: suggested?.value ?? null,
      settings: trials.map(one => ({
        value: one.value,
        configured: one.isConfigured,
        anomalies: one.anomalies,
        incidents: one.incidents,
        pages: one.pages,
        pages_per_week: weekly(one.pages, asked),
        ...one.labelled,
        missed: one.missed,
        drops:
          one.drops?.map(({ depth, drops: of, found, medianMs }) => ({
            ...{ depth, drops: of, found },
            median_ms: medianMs
          })) ?? null
      }))
    })),
    yaml: tuneYaml(kinds) ?? null,
    notes: limits.map(limitText)
  })

const iso = (ms: number): string => new Date(ms).toISOString()
