import { Command, Option } from '@commander-js/extra-typings'
import type { Anomaly, Warmup } from '../../detectors/types.ts'
import type { Decision } from '../decide/decision.ts'
import type { CurrencyChoice } from '../decode/currency/ballot.ts'
import { type LayoutName, layoutNames } from '../decode/layouts/catalogue.ts'
import type { StreamProblem } from '../decode/stream/problems.ts'
import { episodeTable } from '../demo/tables.ts'
import type { ReplayRun } from '../run/assembly/replay.ts'
import type { ReplayCounts } from '../run/replay.ts'
import type { Unsent } from '../run/send-results.ts'
import { type FileProgress, openFile } from '../source/file.ts'
import { viewOfAnomaly } from '../store/tables/anomalies.ts'
import { versioned } from '../store/tables/json-version.ts'
import { visibleLines } from '../telemetry/visible-text.ts'
import { counted } from '../time/texts.ts'
import { createDecidedCount } from './decided-text.ts'
import { overview } from './overview.ts'
import { showProgress } from './progress.ts'
import { jsonLine } from './rows.ts'
import { reasonCounts, skippedText } from './times.ts'
import type { StoreChoice } from './with-store.ts'

const examples = `
Examples:
  cartwatch replay events.ndjson.gz                     the anomalies that it would have found
  cartwatch replay events.ndjson --json > found.ndjson  one anomaly per line, as in realtime.anomalies
  cartwatch replay events.ndjson --store ./replayed     keep windows, anomalies and incidents in a folder
  cartwatch incidents --store ./replayed                and look at them; also with explain and notifications
  cartwatch replay export.ndjson --layout ga4           events of Google Analytics 4 instead of the layout of events:
  zcat *.gz | cartwatch replay -

Each window is judged only by the windows before it. Nothing is sent without --send.
Exit codes: 0 read to the end, 1 an error in the configuration, the file or the store, or a message of --send reached nobody.`

interface ReplayCommandOptions extends StoreChoice {
  readonly send?: true | undefined
  readonly layout?: LayoutName | undefined
}

export type OpenReplay = (
  options: ReplayCommandOptions,
  onDecision: (decision: Decision) => void
) => Promise<ReplayRun>

export function replayCommand(open: OpenReplay) {
  return new Command('replay')
    .description(overview.replay.summary)
    .argument('<file>', 'NDJSON, JSON or CSV, compressed or not; - for standard input')
    .option('--config <file>', 'the configuration file (default: cartwatch.yaml)')
    .option(
      '--store <folder>',
      'keep windows, anomalies and incidents in this folder (default: nothing is kept)'
    )
    .addOption(
      new Option('--layout <name>', 'the layout of the events, instead of that of events:').choices(
        layoutNames
      )
    )
    .option('--json', 'one JSON object per line, with the columns of realtime.anomalies, and nothing else')
    .option('--send', 'send the notifications that are decided')
    .addHelpText('after', examples)
    .action(async (path, options) => {
      const file = await openFile(path, process.stdin)
      const anomalies: Anomaly[] = []
      const decided = createDecidedCount()
      const run = await open(options, decision => {
        decided.add(decision)
        anomalies.push(...decision.anomalies)
        if (!options.json) return
        for (const one of decision.anomalies) process.stdout.write(jsonLine(versioned(viewOfAnomaly(one))))
      })
      const progress = showProgress(path, () => shareOf(file.progress()))
      // What was found until then is shown all the same.
      let fault: unknown
      try {
        await file.read((line, lineNumber) => run.replay.take(line, lineNumber), run.ready)
      } catch (error) {
        fault = error
      }
      progress.stop()
      try {
        run.replay.end()
        await run.close()
      } catch (error) {
        fault ??= error
      }
      if (!options.json) process.stdout.write(foundText(anomalies))
      const counts = run.replay.counts()
      const { sizeMs } = run
      process.stderr.write(
        replaySummary(counts, anomalies.length, {
          sizeMs,
          warmup: run.warmup(),
          currency: run.currency(),
          problems: run.problems()
        })
      )
      process.stderr.write(visibleLines(decided.text()))
      const unsent = run.unsent()
      process.stderr.write(visibleLines(unsentText(unsent)))
      if (unsent.length > 0 || (counts.events === 0 && counts.dead.size > 0)) process.exitCode = 1
      if (fault !== undefined) throw fault
    })
}

/** `2 messages reached nobody: 1 to team (refused: 404 no_service), …`; nothing where all were sent. */
function unsentText(unsent: readonly Unsent[]): string {
  if (unsent.length === 0) return ''
  const all = unsent.reduce((sum, { count }) => sum + count, 0)
  const each = unsent.map(
    ({ receiver, why, count }) => `${count.toLocaleString('en')} to ${receiver} (${why})`
  )
  return `${counted(all, 'message')} reached nobody: ${each.join(', ')}\n`
}

/** An anomaly is found again at every close while it lasts: a row a run of one kind says it all. */
function foundText(anomalies: readonly Anomaly[]): string {
  if (anomalies.length === 0) return 'No anomalies.\n'
  return episodeTable(anomalies.map(viewOfAnomaly), process.stdout.columns ?? 150)
}

/** Undefined for standard input, whose end nobody knows. */
function shareOf({ bytesRead, bytesTotal }: FileProgress): number | undefined {
  return bytesTotal === undefined ? undefined : bytesRead / Math.max(1, bytesTotal)
}

interface ReplayFindings {
  readonly sizeMs: number
  readonly warmup: readonly Warmup[]
  readonly currency?: Pick<CurrencyChoice, 'kind' | 'sentence'> | undefined
  /** What is wrong with the events. */
  readonly problems: readonly Pick<StreamProblem, 'sentence'>[]
}

/** What was read, for people; a file without any event is most likely another kind of file. */
export function replaySummary(
  { events, late, dead, skipped, windows, firstEventTime, lastEventTime }: ReplayCounts,
  anomalies: number,
  { sizeMs, warmup, currency, problems }: ReplayFindings
): string {
  const lines: string[] = []
  const { count: deadCount, reasons } = reasonCounts(dead)
  const found = counted(anomalies, 'anomaly', 'anomalies')
  if (firstEventTime === undefined || lastEventTime === undefined) lines.push(`no events: ${found}`)
  else {
    const times = [firstEventTime, lastEventTime].map(ms => new Date(ms).toISOString()).join(' to ')
    const read = `${counted(events, 'event')} in ${counted(windows, 'window')} of ${sizeMs / 1_000} s`
    lines.push(`${read}, ${times}: ${found}`)
  }
  if (deadCount > 0) {
    const be = deadCount === 1 ? 'record is not an event' : 'records are not events'
    lines.push(`${deadCount.toLocaleString('en')} ${be}: ${reasons}`)
    if (events === 0) lines.push(notEvents)
  }
  if (skipped.size > 0) lines.push(skippedText(skipped))
  if (currency !== undefined && currency.kind !== 'none') lines.push(`Note: ${currency.sentence}.`)
  for (const { sentence } of problems) lines.push(`Note: ${sentence}.`)
  if (late > events / 100) {
    const share = ((100 * late) / events).toFixed(1)
    lines.push(
      `${late.toLocaleString('en')} events (${share} %) arrived late and are counted in no window: the file is probably not in order of ` +
        'time (several partitions or files one after another?). Sort it by event time, or raise windows.grace.'
    )
  }
  const cold = warmup.filter(({ windowsSeen, windowsNeeded }) => windowsSeen < windowsNeeded)
  if (events > 0 && cold.length > 0) {
    const kinds = cold.map(
      ({ kind, windowsSeen, windowsNeeded }) => `${kind} ${windowsSeen}/${windowsNeeded}`
    )
    lines.push(`Not enough history to judge (windows seen/needed): ${kinds.join(', ')}`)
  }
  return `${lines.join('\n')}\n`
}

const notEvents =
  'No record is an event: each must have an event_time and a type, where events: or --layout has them. ' +
  'cartwatch inspect shows what is in the file.'
