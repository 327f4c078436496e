import { Command } from '@commander-js/extra-typings'
import type { Loaded } from '../../config/load.ts'
import type { Tune, TuneParts } from '../../run/assembly/tune.ts'
import { limitText } from '../../run/backtest/limit-text.ts'
import type { Tunable } from '../../run/tune/settings.ts'
import type { Store } from '../../store/types.ts'
import type { Clock } from '../../telemetry/clock.ts'
import type { Logger } from '../../telemetry/types.ts'
import { visibleLines } from '../../telemetry/visible-text.ts'
import { span } from '../../time/texts.ts'
import { dayMs } from '../../time/units.ts'
import { overview } from '../overview.ts'
import { parseSince, wholeNumber } from '../parse.ts'
import { showProgress } from '../progress.ts'
import { jsonLine } from '../rows.ts'
import { onStore, type StoreChoice, withStore } from '../with-store.ts'
import { tuneText, tuneView } from './text.ts'

export interface TuneDeps {
  readonly open: (loaded: Loaded, options: StoreChoice) => Promise<Store>
  readonly load: (options: StoreChoice) => Loaded
  /** Kinds whose thresholds can be tried. */
  readonly kindsOf: (loaded: Loaded) => readonly Tunable[]
  readonly tune: (parts: TuneParts) => Promise<Tune>
  readonly clock: Clock
  readonly log: Logger
}

const examples = `
Examples:
  cartwatch tune --kind checkout_failure          its threshold at five settings, over the last 28 days
  cartwatch tune --from 7d --json                 every kind
  cartwatch tune --kind revenue_drop,traffic_drop --seed 7    other drops

It judges the stored windows of the whole shop, each kind by itself, and once more with drops of 10 to 90 % in them, at random
times. It notifies nobody and stores nothing. Try what it suggests with cartwatch backtest, which judges all kinds together.
Exit codes: 0 tried, 1 an error in the configuration or the store, an unknown kind, or no windows.`

const usualMs = 28 * dayMs
const seedNumber = wholeNumber(0, Number.MAX_SAFE_INTEGER, 'a whole number')

export function tuneCommand(deps: TuneDeps) {
  const { clock, log } = deps
  const when = (text: string) => parseSince(text, clock.now())
  const command = new Command('tune')
    .description(overview.tune.summary)
    .option('--kind <kinds>', 'only these kinds, separated by commas (default: all that are switched on)')
    .option('--from <when>', 'windows since then: an age such as 28d, or a date (default: 28d)', when)
    .option('--to <when>', 'and before then (default: now)', when)
    .option('--seed <number>', 'draws the times of the drops', seedNumber, 1)
    .option('--json', 'one JSON object')
  return onStore(command, examples).action(async (options, self) => {
    const loaded = deps.load(options)
    const toMs = options.to ?? clock.now()
    const fromMs = options.from ?? toMs - usualMs
    if (fromMs >= toMs) self.error('--from must be before --to')
    const all = deps.kindsOf(loaded)
    const asked = options.kind?.split(',').map(name => name.trim())
    const unknown = asked?.filter(name => !all.some(({ kind }) => kind === name)) ?? []
    if (unknown.length > 0)
      self.error(
        `No threshold to try: ${unknown.join(', ')}. There are ${all.map(({ kind }) => kind).join(', ')}`
      )
    const kinds = asked === undefined ? all : all.filter(({ kind }) => asked.includes(kind))
    await withStore(
      () => deps.open(loaded, options),
      options,
      async store => {
        const parts = { loaded, store, log, kinds, seed: options.seed, fromMs, toMs }
        printTune(await followed(deps, parts), loaded, options.json)
      }
    )
  })
}

async function followed({ tune }: TuneDeps, parts: Omit<TuneParts, 'onProgress'>): Promise<Tune> {
  let done = 0
  const progress = showProgress('stored windows', () => done)
  try {
    const onProgress = (share: number) => {
      done = share
    }
    return await tune({ ...parts, onProgress })
  } finally {
    progress.stop()
  }
}

function printTune(tune: Tune, { config }: Loaded, json: true | undefined): void {
  if (tune.windows === 0) {
    const others = tune.limits.filter(({ kind }) => kind === 'other_size').map(limitText)
    const why = others.length === 0 ? '' : `: ${others.join('; ')}`
    process.stderr.write(
      visibleLines(`No windows of ${span(config.windows.sizeMs)} are stored of these times${why}\n`)
    )
    process.exitCode = 1
    return
  }
  process.stdout.write(json ? jsonLine(tuneView(tune)) : tuneText(tune, process.stdout.columns ?? 120))
}
