import { Command } from '@commander-js/extra-typings'
import { delayText } from '../demo/tables.ts'
import type { BackfillRun, BackfillSummary } from '../run/assembly/backfill.ts'
import { type FileSource, openFile } from '../source/file.ts'
import { type Clock, wallClock } from '../telemetry/clock.ts'
import { overview } from './overview.ts'
import { parseSince } from './parse.ts'
import { showProgress } from './progress.ts'
import { reasonCounts } from './times.ts'
import type { StoreChoice } from './with-store.ts'

const examples = `
Examples:
  cartwatch backfill --from 28d                          what the topics still hold of the last four weeks
  cartwatch backfill --from 2026-11-01 --to 2026-11-20   from the first date to before the second
  cartwatch backfill events.ndjson.gz                    a file, from its first whole window to its last
  zcat *.gz | cartwatch backfill -

It writes window_metrics and nothing else. It detects, sends and commits nothing and does not join the consumer group, so
an instance may run at the same time. It replaces a stored window only by a fuller one, so it can be run again. Start or
restart \`cartwatch run\` afterwards: it learns its baselines from the store when it starts.
Exit codes: 0 read to the end, 1 an error in the configuration, the file, Kafka or the store.`

interface BackfillCommandOptions extends StoreChoice {
  readonly from?: number | undefined
  readonly to?: number | undefined
}

export type OpenBackfill = (
  options: BackfillCommandOptions,
  file: FileSource | undefined
) => Promise<BackfillRun>

/** `cartwatch backfill`: windows of the past, from topics that still hold it or from a file. */
export function backfillCommand(open: OpenBackfill, clock: Clock = wallClock) {
  const when = (text: string) => parseSince(text, clock.now())
  return new Command('backfill')
    .description(overview.backfill.summary)
    .argument(
      '[file]',
      'NDJSON, JSON or CSV, compressed or not; - for standard input (default: the topics of the configuration)'
    )
    .option(
      '--from <when>',
      'start of the first window: a date such as 2026-11-01, in UTC, or an age such as 28d',
      when
    )
    .option('--to <when>', 'end of the last window: a date or an age', when)
    .option('--config <file>', 'the configuration file (default: cartwatch.yaml)')
    .option('--store <folder>', 'a folder with an embedded store, instead of the configured store')
    .addHelpText('after', examples)
    .action(async (path, options, command) => {
      const { from, to } = options
      if (from !== undefined && to !== undefined && from >= to) command.error('--from must be before --to')
      const file = path === undefined ? undefined : await openFile(path, process.stdin)
      const beganAt = clock.now()
      const backfill = await open(options, file)
      const bar = showProgress(path ?? 'topics', backfill.progress)
      try {
        const summary = await backfill.run()
        bar.stop()
        process.stdout.write(backfillSummary(summary, clock.now() - beganAt))
        if (summary.events === 0 && summary.dead.size > 0) process.exitCode = 1
      } finally {
        bar.stop()
        await backfill.close()
      }
    })
}

export function backfillSummary(summary: BackfillSummary, tookMs: number): string {
  const { written, alreadyThere, incomplete, events, late, dead, skipped, liveFrom } = summary
  const left = reasonCounts(skipped)
  const { count: deadCount, reasons } = reasonCounts(dead)
  const rows: readonly (readonly [what: string, count: number, more: string])[] = [
    ['windows written', written, ''],
    ['already stored', alreadyThere, 'as full or fuller'],
    ['incomplete', incomplete, 'not stored'],
    ['events read', events, ''],
    ['late', late, 'counted in no window'],
    ['dead letters', deadCount, reasons],
    ['left out', left.count, left.reasons]
  ]
  const width = Math.max(...rows.map(([, count]) => count.toLocaleString('en').length))
  const lines = rows
    .filter(([what, count]) => count > 0 || what === 'windows written' || what === 'events read')
    .map(([what, count, more]) =>
      `${what.padEnd(16)} ${count.toLocaleString('en').padStart(width)}  ${more}`.trimEnd()
    )
  if (liveFrom !== undefined)
    lines.push(`From ${new Date(liveFrom).toISOString()} on, the live pipeline stores the windows.`)
  return `${lines.join('\n')}\n${delayText(tookMs)}\n`
}
