import { Command } from 'commander'
import { duration } from '../demo/tables.ts'
import type { BackfillRun, BackfillSummary } from '../run/assembly/backfill.ts'
import { type FileSource, openFile } from '../source/file.ts'
import { type Clock, wallClock } from '../telemetry/clock.ts'
import { showProgress } from './progress.ts'
import { parseSince } from './since.ts'

const examples = `
Examples:
  cartwatch backfill --from 28d                          what the topics still hold of four weeks
  cartwatch backfill --from 2026-11-01 --to 2026-11-20   the first of these is filled in, the second is not
  cartwatch backfill events.ndjson.gz                    a file, from its first whole window to its last
  zcat *.gz | cartwatch backfill -

It fills window_metrics and nothing else: nothing is judged, sent or committed, and the consumer group is not joined, so
an instance may run beside it. Windows that are stored stay, unless a fuller one is found; so it can be run again. Start
or restart \`cartwatch run\` behind it: what is usual is learned from the store at the start.
Exit codes: 0 read to its end, 1 the configuration, the file, Kafka or the store is at fault.`

export interface BackfillOptions {
  readonly from?: number
  readonly to?: number
  readonly config?: string
  readonly store?: string
}

export type OpenBackfill = (options: BackfillOptions, file: FileSource | undefined) => Promise<BackfillRun>

/** `cartwatch backfill`: windows of the past, from topics that still hold it or from a file. */
export function backfillCommand(open: OpenBackfill, clock: Clock = wallClock): Command {
  const when = (text: string) => parseSince(text, clock.now())
  return new Command('backfill')
    .description('fill window_metrics with the past that topics or a file hold')
    .argument(
      '[file]',
      'NDJSON, gzipped or not; - for standard input (default: the topics of the configuration)'
    )
    .option(
      '--from <when>',
      'the first window: a date such as 2026-11-01, in UTC, or an age such as 28d',
      when
    )
    .option('--to <when>', 'windows before it: a date or an age', when)
    .option('--config <file>', 'the configuration file (default: cartwatch.yaml)')
    .option('--store <folder>', 'a folder with an embedded store, instead of the configured store')
    .addHelpText('after', examples)
    .action(async (path: string | undefined, options: BackfillOptions, command: Command) => {
      const { from, to } = options
      if (from !== undefined && to !== undefined && from >= to) command.error('--from must lie before --to')
      const file = path === undefined ? undefined : await openFile(path, process.stdin)
      const beganAt = clock.now()
      const backfill = await open(options, file)
      const bar = showProgress(path ?? 'topics', backfill.progress)
      try {
        const summary = await backfill.run()
        bar.stop()
        process.stdout.write(summaryOf(summary, clock.now() - beganAt))
        if (summary.events === 0 && summary.dead.size > 0) process.exitCode = 1
      } finally {
        bar.stop()
        await backfill.close()
      }
    })
}

/** What was read and stored, for people. */
export function summaryOf(summary: BackfillSummary, tookMs: number): string {
  const { written, alreadyThere, incomplete, events, late, dead, liveFrom } = summary
  const deadCount = [...dead.values()].reduce((sum, one) => sum + one, 0)
  const reasons = [...dead].map(([reason, count]) => `${reason} ${count.toLocaleString('en')}`).join(', ')
  const rows: readonly (readonly [what: string, count: number, more: string])[] = [
    ['windows written', written, ''],
    ['already stored', alreadyThere, 'as full or fuller'],
    ['not seen whole', incomplete, 'not stored'],
    ['events read', events, ''],
    ['late', late, 'in no window'],
    ['dead letters', deadCount, reasons]
  ]
  const width = Math.max(...rows.map(([, count]) => count.toLocaleString('en').length))
  const lines = rows
    .filter(([what, count]) => count > 0 || what === 'windows written' || what === 'events read')
    .map(([what, count, more]) =>
      `${what.padEnd(16)} ${count.toLocaleString('en').padStart(width)}  ${more}`.trimEnd()
    )
  if (liveFrom !== undefined)
    lines.push(`From ${new Date(liveFrom).toISOString()} on, the live pipeline stores the windows.`)
  return `${lines.join('\n')}\n${duration(tookMs)}\n`
}
