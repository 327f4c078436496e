import { Command } from '@commander-js/extra-typings'
import { type Figures, night, type Quality, qualityOf, readQuality } from '../report/quality.ts'
import { versioned } from '../store/tables/json-version.ts'
import type { Clock } from '../telemetry/clock.ts'
import { shownTime } from '../time/shown-time.ts'
import { span } from '../time/texts.ts'
import { dayMs } from '../time/units.ts'
import { overview } from './overview.ts'
import { parseSince } from './parse.ts'
import { jsonLine } from './rows.ts'
import { textTable } from './table.ts'
import { type OpenStore, onStore, type StoreChoice, withStore } from './with-store.ts'

export interface QualityDeps {
  readonly open: OpenStore
  /** As the configuration has them. */
  readonly settings: (options: StoreChoice) => { readonly pipeline: string; readonly timezone: string }
  readonly clock: Clock
}

const examples = `
Examples:
  cartwatch quality                                     the last 28 days
  cartwatch quality --from 90d --to 28d --json

Precision counts labels: real ÷ (real + false). cartwatch label ID real|false|expected says what an incident was; the more have
one, the more the figure is worth. A page is a PagerDuty incident that was opened. Night is from ${night.fromHour}:00 to ${night.toHour}:00 by the shop's clocks.`

const usualMs = 28 * dayMs

export function qualityCommand({ open, settings, clock }: QualityDeps) {
  const when = (text: string) => parseSince(text, clock.now())
  const command = new Command('quality')
    .description(overview.quality.summary)
    .option('--from <when>', 'incidents that opened since then: an age such as 28d, or a date', when)
    .option('--to <when>', 'and before then (default: now)', when)
    .option('--json', 'one JSON object')
  return onStore(command, examples).action((options, self) =>
    withStore(open, options, async store => {
      const toMs = options.to ?? clock.now()
      const fromMs = options.from ?? toMs - usualMs
      if (fromMs >= toMs) self.error('--from must be before --to')
      const { pipeline, timezone } = settings(options)
      const facts = await readQuality(store, pipeline, { fromMs, toMs })
      const quality = qualityOf(facts, { fromMs, toMs }, timezone)
      process.stdout.write(
        options.json
          ? jsonLine(viewOfQuality(quality))
          : qualityText(quality, timezone, process.stdout.columns ?? 120)
      )
    })
  )
}

const viewOfFigures = ({ incidents, labelled, precision, medianAckMs, pages }: Figures) => ({
  ...{ incidents, ...labelled, precision, pages },
  median_ack_ms: medianAckMs
})

export const viewOfQuality = ({ fromMs, toMs, pagesPerWeek, nightShare, kinds, ...all }: Quality) =>
  versioned({
    from: new Date(fromMs).toISOString(),
    to: new Date(toMs).toISOString(),
    ...viewOfFigures(all),
    pages_per_week: pagesPerWeek,
    night_share: nightShare,
    kinds: kinds.map(({ kind, ...figures }) => ({ kind, ...viewOfFigures(figures) }))
  })

const nothing = '–'
const percent = (share: number | null): string =>
  share === null ? nothing : `${(100 * share).toLocaleString('en', { maximumFractionDigits: 0 })} %`

const cellsOf = ({ incidents, labelled, precision, medianAckMs, pages }: Figures): string[] => [
  ...[incidents, labelled.real, labelled.false, labelled.expected].map(count => count.toLocaleString('en')),
  percent(precision),
  medianAckMs === null ? nothing : span(medianAckMs),
  pages.toLocaleString('en')
]

export function qualityText(quality: Quality, timezone: string, width: number): string {
  const { fromMs, toMs, pagesPerWeek, nightShare, kinds } = quality
  const head = ['kind', 'incidents', 'real', 'false', 'expected', 'precision', 'until ack', 'pages']
  const rows = [
    ...kinds.map(({ kind, ...figures }) => [kind, ...cellsOf(figures)]),
    ['all', ...cellsOf(quality)]
  ]
  const weekly = pagesPerWeek.toLocaleString('en', { maximumFractionDigits: 1 })
  return [
    `Incidents that opened from ${shownTime(fromMs)} to ${shownTime(toMs)} UTC`,
    textTable(head, rows, width),
    `Pages a week: ${weekly}, ${percent(nightShare)} of them at night (${night.fromHour}:00 to ${night.toHour}:00, ${timezone})`,
    ''
  ].join('\n')
}
