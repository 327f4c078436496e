import type { CommandUnknownOpts } from '@commander-js/extra-typings'
import type { Env, ReadFile } from '../config/environment.ts'
import type { Loaded } from '../config/load.ts'
import type { Used } from '../config/unneeded.ts'
import { createShopCurrency } from '../decode/currency/shop-currency.ts'
import { buildBackfill } from '../run/assembly/backfill.ts'
import { channelsOf } from '../run/assembly/channels.ts'
import { inspectingOf } from '../run/assembly/inspecting.ts'
import { liveReceivers } from '../run/assembly/live-receivers.ts'
import { openConfigured } from '../run/assembly/open-store.ts'
import { producerAccess } from '../run/assembly/producing.ts'
import { buildReplay } from '../run/assembly/replay.ts'
import { configuredRoutesOf, incidentsSettingsOf } from '../run/assembly/routes.ts'
import { statusSourceOf } from '../run/assembly/status-source.ts'
import type { Clock } from '../telemetry/clock.ts'
import type { Logger } from '../telemetry/types.ts'
import { askStatus } from '../web/ask-status.ts'
import { ackCommand } from './ack.ts'
import { anomaliesCommand } from './anomalies.ts'
import { backfillCommand } from './backfill.ts'
import { checkConfigCommand } from './check-config.ts'
import { demoCommand } from './demo.ts'
import { explainCommand } from './explain/command.ts'
import { incidentsCommand } from './incidents.ts'
import { inspectCommand } from './inspect.ts'
import { migrateCommand } from './migrate.ts'
import { notificationsCommand } from './notifications.ts'
import { produceCommand } from './produce.ts'
import { queryCommand } from './query.ts'
import { replayCommand } from './replay.ts'
import { routesCommand } from './routes.ts'
import { type RunOptions, runCommand } from './run.ts'
import { silenceCommand } from './silence.ts'
import { statusCommand } from './status.ts'
import type { Terminal } from './terminal.ts'
import { testAlertCommand } from './test-alert.ts'
import type { StoreChoice } from './with-store.ts'

/** An instance itself waits for Kafka and for the active one, in turn: 8 s at most. */
const statusMs = 10_000

export interface CommandContext {
  readonly env: Env
  readonly clock: Clock
  readonly terminal: Terminal
  readonly readFile: ReadFile
  readonly run: (options: RunOptions) => Promise<void>
  /** Reads the configuration; throws where it is wrong. `uses`: as of `loadConfig`. */
  readonly load: (path: string | undefined, uses?: readonly Used[]) => Loaded
  /** A log beside a command's result, as the configuration wants it; without one, of errors alone. */
  readonly logOf: (loaded?: Loaded) => Logger
}

/** Every command with what it needs, in the order of `--help`. */
export function commandsOf(context: CommandContext): readonly CommandUnknownOpts[] {
  const { env, clock, terminal, readFile, load, logOf } = context
  const open = (options: StoreChoice) =>
    openStoreOf(load(options.config, ofStore(options)), options, terminal)
  const operator = {
    open,
    pipeline: ({ config }: StoreChoice) => load(config, []).config.pipeline,
    user: () => env['USER'] ?? 'somebody at the command line',
    clock,
    print: terminal.print
  }
  return [
    runCommand(context.run),
    statusCommand({
      open: path => statusSourceOf(load(path, ['kafka', 'http.host', 'http.port']), clock),
      ask: url => askStatus({ url, of: 'group', timeoutMs: statusMs }),
      ...terminal
    }),
    demoCommand({ clock, log: logOf() }),
    replayCommand((options, onDecision) => {
      const { store: folder, layout, send = false } = options
      const loaded = load(options.config, send ? undefined : [])
      return buildReplay({ loaded, layout, clock, log: logOf(loaded), folder, send, onDecision })
    }),
    inspectCommand({
      open(path) {
        const loaded = load(path, ['kafka'])
        return inspectingOf(loaded, clock, logOf(loaded))
      },
      ...terminal
    }),
    backfillCommand(async (options, file) => {
      const loaded = load(options.config, [
        ...ofStore(options),
        ...(file === undefined ? (['kafka'] as const) : [])
      ])
      const store = await openStoreOf(loaded, options, terminal)
      const { from: fromMs, to: toMs } = options
      return buildBackfill({ loaded, store, clock, log: logOf(loaded), file, fromMs, toMs })
    }),
    produceCommand(path => producerAccess(load(path, ['kafka']).config, clock)),
    migrateCommand(open),
    checkConfigCommand({ env, ...terminal }),
    routesCommand({
      load: path => configuredRoutesOf(load(path, []).config),
      clock,
      env,
      readFile,
      ...terminal
    }),
    anomaliesCommand(open),
    incidentsCommand(open),
    notificationsCommand(open),
    explainCommand({
      open,
      settings: ({ config }) => incidentsSettingsOf(load(config, []).config),
      async live({ config, store }) {
        if (store !== undefined) return { kind: 'unknown', why: `no instance sends from the folder ${store}` }
        return await liveReceivers(statusSourceOf(load(config, ['http.host', 'http.port']), clock).url)
      },
      clock
    }),
    ackCommand(operator),
    silenceCommand(operator),
    queryCommand(open),
    testAlertCommand({
      async load(path) {
        const { config } = load(path)
        const { byName, close } = channelsOf(config, {
          clock,
          currency: createShopCurrency(config).code
        })
        return { pipeline: config.pipeline, byName, close }
      },
      clock,
      ...terminal
    })
  ]
}

/** What a command on the store uses of the configuration. */
const ofStore = ({ store }: StoreChoice): readonly Used[] => (store === undefined ? ['store'] : [])

/** The configured store, or the embedded one of a folder. */
function openStoreOf({ config }: Loaded, { store: folder }: StoreChoice, { complain }: Terminal) {
  const { url: _, ...local } = config.store
  return openConfigured(folder === undefined ? config : { store: { ...local, folder } }, { onNote: complain })
}
