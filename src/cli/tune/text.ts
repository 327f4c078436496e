import { median } from 'simple-statistics'
import type { Tune } from '../../run/assembly/tune.ts'
import { limitText } from '../../run/backtest/limit-text.ts'
import { thresholdText, weekly, yamlOf } from '../../run/tune/text.ts'
import type { DropsFound, KindTrials } from '../../run/tune/trial.ts'
import { versioned } from '../../store/tables/json-version.ts'
import { shownTime } from '../../time/shown-time.ts'
import { counted, span } from '../../time/texts.ts'
import { textTable } from '../table.ts'

const nothing = '–'
const number = (value: number): string => value.toLocaleString('en', { maximumFractionDigits: 1 })

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
  return `${kind}: ${tuning.key}${now ? `, configured: ${thresholdText(now.value, tuning)}` : ''}`
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
    thresholdText(one.value, tuning),
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

function snippetLines(kinds: readonly KindTrials[]): readonly string[] {
  const yaml = yamlOf(suggestions(kinds))
  return yaml === undefined
    ? [
        'No setting finds more drops, raises less or finds them sooner, without raising more or missing what was real.'
      ]
    : ['To find more drops, or as many sooner or with fewer incidents, paste into cartwatch.yaml:', '', yaml]
}

const suggestions = (kinds: readonly KindTrials[]) =>
  kinds.flatMap(({ kind, tuning, suggested }) => (suggested ? [{ kind, tuning, setting: suggested }] : []))

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
    yaml: yamlOf(suggestions(kinds)) ?? null,
    notes: limits.map(limitText)
  })

const iso = (ms: number): string => new Date(ms).toISOString()
