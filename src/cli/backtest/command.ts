import { Command } from '@commander-js/extra-typings'
import type { Loaded } from '../../config/load.ts'
import type { Backtest, EventsBacktestParts, StoredBacktestParts } from '../../run/assembly/backtest.ts'
import { limitText } from '../../run/backtest/limit-text.ts'
import { openFile } from '../../source/file.ts'
import type { Store } from '../../store/types.ts'
import type { Clock } from '../../telemetry/clock.ts'
import type { Logger } from '../../telemetry/types.ts'
import { visibleLines } from '../../telemetry/visible-text.ts'
import { counted, span } from '../../time/texts.ts'
import { dayMs } from '../../time/units.ts'
import { overview } from '../overview.ts'
import { parseSince, wholeNumber } from '../parse.ts'
import { showProgress } from '../progress.ts'
import { jsonLine } from '../rows.ts'
import { onStore, type StoreChoice, withStore } from '../with-store.ts'
import { backtestText, backtestView } from './text.ts'

export interface BacktestDeps {
  readonly open: (loaded: Loaded, options: StoreChoice) => Promise<Store>
  readonly load: (path: string | undefined, options: StoreChoice) => Loaded
  readonly ofStored: (parts: StoredBacktestParts) => Promise<Backtest>
  readonly ofEvents: (parts: EventsBacktestParts) => Promise<Backtest>
  readonly clock: Clock
  readonly log: Logger
}

const examples = `
Examples:
  cartwatch backtest --config new.yaml                       new.yaml over the last 28 days, against what was found then
  cartwatch backtest --config new.yaml --against old.yaml    against what old.yaml would have found
  cartwatch backtest --config new.yaml --from 7d --max-new-pages 0    a check for CI: exits with 1 if somebody would be paged more
  cartwatch backtest --config new.yaml --against old.yaml --events day.ndjson.gz

It judges the stored windows again, with the same detection, grouping and routing. It notifies nobody and stores nothing.
Another windows.size, a new metric or a new dimension needs the events themselves: --events FILE.
Exit codes: 0 compared, 1 an error in a configuration, the file or the store, no windows, or more new pages than --max-new-pages.`

const usualMs = 28 * dayMs
const wholePages = wholeNumber(0, Number.MAX_SAFE_INTEGER, 'a whole number')

export function backtestCommand(deps: BacktestDeps) {
  const { clock, log } = deps
  const when = (text: string) => parseSince(text, clock.now())
  const command = new Command('backtest')
    .description(overview.backtest.summary)
    .option('--against <file>', 'the configuration to compare with (default: what was stored)')
    .option('--from <when>', 'windows since then: an age such as 28d, or a date (default: 28d)', when)
    .option('--to <when>', 'and before then (default: now)', when)
    .option('--whole-shop', 'judge no segments, which is faster')
    .option(
      '--events <file>',
      'recorded events instead of stored windows: NDJSON, JSON or CSV, compressed or not'
    )
    .option('--max-new-pages <number>', 'exit with 1 if more pages would have been opened anew', wholePages)
    .option('--json', 'one JSON object')
  return onStore(command, examples).action(async (options, self) => {
    const loaded = deps.load(options.config, options)
    const against = options.against === undefined ? undefined : deps.load(options.against, options)
    const toMs = options.to ?? clock.now()
    const fromMs = options.from ?? toMs - usualMs
    if (fromMs >= toMs) self.error('--from must be before --to')
    const { events, wholeShop = false } = options
    const common = { loaded, against, clock, log }
    const times = { fromMs: options.from, toMs: options.to }
    const print = (backtest: Backtest) => printBacktest(backtest, loaded, options)
    if (events !== undefined && against !== undefined) {
      // Nothing stored is needed to compare two configurations over recorded events.
      print(await followedEvents(deps, events, { ...common, ...times, store: undefined }))
    } else if (against && against.config.windows.sizeMs !== loaded.config.windows.sizeMs) {
      complain('The configurations have different windows.size: only --events FILE can compare them')
    } else {
      await withStore(
        () => deps.open(loaded, options),
        options,
        async store =>
          print(
            events === undefined
              ? await followedStored(deps, { ...common, store, fromMs, toMs, wholeShop })
              : await followedEvents(deps, events, { ...common, ...times, store })
          )
      )
    }
  })
}

async function followedEvents(
  { ofEvents }: BacktestDeps,
  path: string,
  parts: Omit<EventsBacktestParts, 'read'>
): Promise<Backtest> {
  const file = await openFile(path, process.stdin)
  const progress = showProgress(path, () => {
    const { bytesRead, bytesTotal } = file.progress()
    return bytesTotal === undefined ? undefined : bytesRead / Math.max(1, bytesTotal)
  })
  try {
    return await ofEvents({ ...parts, read: file.read })
  } finally {
    progress.stop()
  }
}

async function followedStored(
  { ofStored }: BacktestDeps,
  parts: Omit<StoredBacktestParts, 'onProgress'>
): Promise<Backtest> {
  let done = 0
  const progress = showProgress('stored windows', () => done)
  try {
    const onProgress = (share: number) => {
      done = share
    }
    return await ofStored({ ...parts, onProgress })
  } finally {
    progress.stop()
  }
}

interface PrintOptions {
  readonly config?: string | undefined
  readonly against?: string | undefined
  readonly json?: true | undefined
  readonly maxNewPages?: number | undefined
}

function printBacktest(backtest: Backtest, loaded: Loaded, options: PrintOptions): void {
  if (backtest.windows === 0) {
    complain(nothingThere(backtest, loaded))
    return
  }
  const names = {
    before: options.against ?? 'what was stored',
    after: options.config ?? 'cartwatch.yaml'
  }
  process.stdout.write(
    options.json
      ? jsonLine(backtestView(backtest, names))
      : backtestText(backtest, names, process.stdout.columns ?? 120)
  )
  const { new: fresh } = backtest.comparison.pages
  const most = options.maxNewPages
  if (most !== undefined && fresh > most)
    complain(`${counted(fresh, 'new page')}, and --max-new-pages allows ${most}`)
}

function complain(text: string): void {
  process.stderr.write(visibleLines(`${text}\n`))
  process.exitCode = 1
}

function nothingThere({ limits }: Backtest, { config }: Loaded): string {
  const others = limits.filter(({ kind }) => kind === 'other_size')
  const size = span(config.windows.sizeMs)
  return others.length === 0
    ? `No windows of ${size} are stored of these times`
    : `No windows of ${size}, which windows.size asks for, are stored of these times: ${others.map(limitText).join('; ')}`
}
