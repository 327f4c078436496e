import type { CommandUnknownOpts } from '@commander-js/extra-typings'
import type { Env, ReadFile } from '../config/environment.ts'
import type { Loaded } from '../config/load.ts'
import type { Used } from '../config/unneeded.ts'
import type { Store } from '../store/types.ts'
import type { Clock } from '../telemetry/clock.ts'
import type { Logger } from '../telemetry/types.ts'
import type { OperatorDeps } from './ack.ts'
import type { Run } from './run.ts'
import type { Terminal } from './terminal.ts'
import type { OpenStore, StoreChoice } from './with-store.ts'

/** An instance itself waits for Kafka and for the active one, in turn: 8 s at most. */
const statusMs = 10_000

export interface CommandContext {
  readonly env: Env
  readonly clock: Clock
  readonly terminal: Terminal
  readonly readFile: ReadFile
  /** What only an instance needs is loaded for it alone. */
  readonly loadRun: () => Promise<Run>
  /** Reads the configuration; throws where it is wrong. `uses`: as of `loadConfig`. */
  readonly load: (path: string | undefined, uses?: readonly Used[]) => Loaded
  /** A log beside a command's result, as the configuration wants it; without one, of errors alone. */
  readonly logOf: (loaded?: Loaded) => Logger
}

type MakeCommand = (context: CommandContext) => Promise<CommandUnknownOpts>

/** By name, in the order of `--help`. A command loads what it needs, and no command waits for what others need. */
const commands: Readonly<Record<string, MakeCommand>> = {
  async run({ loadRun }) {
    const { runCommand } = await import('./run.ts')
    return runCommand(await loadRun())
  },
  async status({ load, clock, terminal }) {
    const { statusCommand } = await import('./status.ts')
    const { statusSourceOf } = await import('../run/assembly/status-source.ts')
    const { askStatus } = await import('../web/ask-status.ts')
    return statusCommand({
      open: path => statusSourceOf(load(path, ['kafka', 'http.host', 'http.port']), clock),
      ask: url => askStatus({ url, of: 'group', timeoutMs: statusMs }),
      ...terminal
    })
  },
  async demo({ clock, logOf }) {
    const { demoCommand } = await import('./demo.ts')
    return demoCommand({ clock, log: logOf() })
  },
  async replay({ load, clock, logOf }) {
    const { replayCommand } = await import('./replay.ts')
    const { buildReplay } = await import('../run/assembly/replay.ts')
    return replayCommand((options, onDecision) => {
      const { store: folder, layout, send = false } = options
      const loaded = load(options.config, send ? undefined : [])
      return buildReplay({ loaded, layout, clock, log: logOf(loaded), folder, send, onDecision })
    })
  },
  async inspect({ load, clock, logOf, terminal }) {
    const { inspectCommand } = await import('./inspect.ts')
    const { inspectingOf } = await import('../run/assembly/inspecting.ts')
    return inspectCommand({
      open(path) {
        const loaded = load(path, ['kafka'])
        return inspectingOf(loaded, clock, logOf(loaded))
      },
      ...terminal
    })
  },
  async backfill(context) {
    const { load, clock, logOf } = context
    const { backfillCommand } = await import('./backfill.ts')
    const { buildBackfill } = await import('../run/assembly/backfill.ts')
    return backfillCommand(async (options, file) => {
      const loaded = load(options.config, [
        ...ofStore(options),
        ...(file === undefined ? (['kafka'] as const) : [])
      ])
      const store = await openStoreOf(loaded, options, context.terminal)
      const { from: fromMs, to: toMs } = options
      return buildBackfill({ loaded, store, clock, log: logOf(loaded), file, fromMs, toMs })
    })
  },
  async produce({ load, clock }) {
    const { produceCommand } = await import('./produce.ts')
    const { producerAccess } = await import('../run/assembly/producing.ts')
    return produceCommand(path => producerAccess(load(path, ['kafka']).config, clock))
  },
  async migrate(context) {
    const { migrateCommand } = await import('./migrate.ts')
    return migrateCommand(openStoreWith(context))
  },
  async 'check-config'({ env, clock, terminal }) {
    const { checkConfigCommand } = await import('./check-config.ts')
    return checkConfigCommand({
      env,
      clock,
      async connect(config) {
        const { checkConnections } = await import('../run/assembly/checks/connections.ts')
        return checkConnections(config, clock)
      },
      ...terminal
    })
  },
  async secrets({ env, readFile, terminal }) {
    const { secretsCommand } = await import('./secrets/command.ts')
    const { readSecret } = await import('./secrets/read-secret.ts')
    const { replaceFile } = await import('./secrets/replace-file.ts')
    const prompt = (text: string) => void process.stderr.write(text)
    return secretsCommand({
      env,
      readFile,
      readSecret: () => readSecret(process.stdin, prompt),
      replaceFile,
      ...terminal
    })
  },
  async routes({ load, clock, env, readFile, terminal }) {
    const { routesCommand } = await import('./routes.ts')
    const { configuredRoutesOf } = await import('../run/assembly/routes.ts')
    return routesCommand({
      load: path => configuredRoutesOf(load(path, []).config),
      clock,
      env,
      readFile,
      ...terminal
    })
  },
  async anomalies(context) {
    const { anomaliesCommand } = await import('./anomalies.ts')
    return anomaliesCommand(openStoreWith(context))
  },
  async incidents(context) {
    const { incidentsCommand } = await import('./incidents.ts')
    return incidentsCommand(openStoreWith(context))
  },
  async notifications(context) {
    const { notificationsCommand } = await import('./notifications.ts')
    return notificationsCommand(openStoreWith(context))
  },
  async explain(context) {
    const { load, clock } = context
    const { explainCommand } = await import('./explain/command.ts')
    const { incidentsSettingsOf } = await import('../run/assembly/routes.ts')
    return explainCommand({
      open: openStoreWith(context),
      settings: ({ config }) => incidentsSettingsOf(load(config, []).config),
      async live({ config, store }) {
        if (store !== undefined) return { kind: 'unknown', why: `no instance sends from the folder ${store}` }
        const { liveReceivers } = await import('../run/assembly/live-receivers.ts')
        const { statusSourceOf } = await import('../run/assembly/status-source.ts')
        return await liveReceivers(statusSourceOf(load(config, ['http.host', 'http.port']), clock).url)
      },
      clock
    })
  },
  async report(context) {
    const { load, clock, terminal } = context
    const { reportCommand } = await import('./report.ts')
    const { reportNames } = await import('../report/report.ts')
    const { reportOf, reportsSettingsOf } = await import('../run/assembly/reports.ts')
    return reportCommand({
      open: openStoreWith(context),
      settings({ config: path }) {
        const { config } = load(path, [])
        const { pipeline, currency } = config
        const on = new Set(reportsSettingsOf(config).reports.map(({ name }) => name))
        return { pipeline, currency, reports: reportNames.map(name => reportOf(config, name)), on }
      },
      async channels({ config: path }, currency) {
        const { channelsOf } = await import('../run/assembly/channels.ts')
        return channelsOf(load(path).config, { clock, currency: () => currency })
      },
      clock,
      ...terminal
    })
  },
  async ack(context) {
    const { ackCommand } = await import('./ack.ts')
    return ackCommand(operatorOf(context))
  },
  async escalate(context) {
    const { escalateCommand } = await import('./escalate.ts')
    return escalateCommand(operatorOf(context))
  },
  async silence(context) {
    const { silenceCommand } = await import('./silence.ts')
    return silenceCommand(operatorOf(context))
  },
  async query(context) {
    const { queryCommand } = await import('./query.ts')
    return queryCommand(openStoreWith(context))
  },
  async 'test-alert'({ load, clock, terminal }) {
    const { testAlertCommand } = await import('./test-alert.ts')
    return testAlertCommand({
      async load(path) {
        const { config } = load(path)
        const { channelsOf } = await import('../run/assembly/channels.ts')
        const { createShopCurrency } = await import('../decode/currency/shop-currency.ts')
        const { byName, close } = channelsOf(config, { clock, currency: createShopCurrency(config).code })
        return { pipeline: config.pipeline, byName, groups: config.groups, close }
      },
      clock,
      ...terminal
    })
  }
}

/** The one that is asked for; all of them where it is none, as for `--help`. */
export async function commandsOf(
  asked: string | undefined,
  context: CommandContext
): Promise<readonly CommandUnknownOpts[]> {
  const names = Object.keys(commands)
  const needed = names.includes(asked ?? '') ? names.filter(name => name === asked) : names
  return Promise.all(needed.flatMap(name => commands[name]?.(context) ?? []))
}

const operatorOf = (context: CommandContext): OperatorDeps => ({
  open: openStoreWith(context),
  pipeline: ({ config }) => context.load(config, []).config.pipeline,
  user: () => context.env['USER'] ?? 'somebody at the command line',
  clock: context.clock,
  print: context.terminal.print
})

/** What a command on the store uses of the configuration. */
const ofStore = ({ store }: StoreChoice): readonly Used[] => (store === undefined ? ['store'] : [])

const openStoreWith =
  ({ load, terminal }: CommandContext): OpenStore =>
  options =>
    openStoreOf(load(options.config, ofStore(options)), options, terminal)

/** The configured store, or the embedded one of a folder. */
async function openStoreOf(
  { config }: Loaded,
  { store: folder }: StoreChoice,
  { complain }: Terminal
): Promise<Store> {
  const { openConfigured } = await import('../run/assembly/open-store.ts')
  const { url: _, ...local } = config.store
  return openConfigured(folder === undefined ? config : { store: { ...local, folder } }, { onNote: complain })
}
