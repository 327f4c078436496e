#!/usr/bin/env node
import { existsSync, readFileSync } from 'node:fs'
import { Command } from 'commander'
import { ackCommand } from './cli/ack.ts'
import { anomaliesCommand } from './cli/anomalies.ts'
import { type BackfillOptions, backfillCommand } from './cli/backfill.ts'
import { checkConfigCommand } from './cli/check-config.ts'
import { demoCommand } from './cli/demo.ts'
import { explainCommand } from './cli/explain/command.ts'
import { incidentsCommand } from './cli/incidents.ts'
import { inspectCommand } from './cli/inspect.ts'
import { migrateCommand } from './cli/migrate.ts'
import { notificationsCommand } from './cli/notifications.ts'
import { produceCommand } from './cli/produce.ts'
import { queryCommand } from './cli/query.ts'
import { type ReplayOptions, replayCommand } from './cli/replay.ts'
import { routesCommand } from './cli/routes.ts'
import { type RunOptions, runCommand } from './cli/run.ts'
import { silenceCommand } from './cli/silence.ts'
import { statusCommand } from './cli/status.ts'
import { testAlertCommand } from './cli/test-alert.ts'
import type { StoreOptions } from './cli/with-store.ts'
import { formatErrors } from './config/errors.ts'
import { type Loaded, loadConfig } from './config/load.ts'
import { whySilent } from './config/receivers.ts'
import { reloadConfig } from './config/reload.ts'
import type { Decision } from './decide/decision.ts'
import { type LayoutName, layouts } from './decode/layouts/catalogue.ts'
import { buildBackfill } from './run/assembly/backfill.ts'
import { channelsOf } from './run/assembly/channels.ts'
import { inspectingOf } from './run/assembly/inspecting.ts'
import { buildLive, openConfigured } from './run/assembly/live.ts'
import { liveReceivers } from './run/assembly/live-receivers.ts'
import { maskOf } from './run/assembly/mask.ts'
import { producerAccess } from './run/assembly/producing.ts'
import { buildReplay } from './run/assembly/replay.ts'
import { alertsOf, configuredRoutesOf } from './run/assembly/stages.ts'
import { statusSourceOf } from './run/assembly/status-source.ts'
import type { FileSource } from './source/file.ts'
import { wallClock } from './telemetry/clock.ts'
import { createLogger, type LevelledLogger } from './telemetry/log.ts'
import { messageOf } from './telemetry/message.ts'
import { createMetrics } from './telemetry/metrics.ts'
import { visibleLines } from './telemetry/visible.ts'
import { askStatus } from './web/ask-status.ts'

/** How long a stop may take before it is forced: an orchestrator kills soon after. */
const stopMs = 9_500
/** An instance itself waits for Kafka and for the one that works, in turn: 8 s at most. */
const statusMs = 10_000

/** A mistake of the person at the command line: the message is all there is to say. */
class UserError extends Error {}

function load(path: string | undefined): Loaded {
  const loaded = loadConfig({ path, env: process.env })
  if (loaded.ok) return loaded
  throw new UserError(formatErrors(loaded.errors))
}

const openStoreOf = ({ config, store }: StoreOptions) => {
  const loaded = load(config)
  const { url: _, ...local } = loaded.config.store
  return openConfigured(store === undefined ? loaded.config : { store: { ...local, folder: store } })
}

async function run({ config: path }: RunOptions): Promise<void> {
  let loaded = load(path)
  const log = logger(loaded, 'stdout', () => loaded)
  for (const warning of loaded.warnings) log.warn({}, warning)
  const silence = whySilent(loaded.config)
  if (silence !== undefined) log.warn({}, silence)
  const instance = await buildLive({
    loaded,
    clock: wallClock,
    log,
    metrics: createMetrics({ ofProcess: true })
  })
  process.on('SIGHUP', () => {
    const next = reloadConfig(loaded, { path, env: process.env })
    switch (next.kind) {
      case 'refused':
        return log.error(
          { errors: formatErrors(next.errors) },
          'the edited configuration is wrong: the old one stays'
        )
      case 'unchanged':
        for (const warning of next.warnings) log.warn({}, warning)
        return log.info({}, 'the configuration is unchanged')
      case 'taken':
        loaded = next.loaded
        for (const warning of loaded.warnings) log.warn({}, warning)
        log.level = loaded.config.log.level
        instance.reload(loaded)
        return log.info(
          { changed: next.changed, hash: loaded.hash },
          'the edited configuration is taken over'
        )
      default:
        next satisfies never
    }
  })
  const stopped = new Promise<void>(resolve => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      process.once(signal, () => {
        log.info({ signal }, 'stopping')
        setTimeout(() => process.exit(1), stopMs).unref()
        resolve(instance.stop())
      })
    }
  })
  try {
    await Promise.race([instance.run(), stopped])
    await stopped
    log.info({}, 'stopped')
    // A connection that KafkaJS was about to make anew could keep the process until it is forced to end.
    process.exit(0)
  } catch (error) {
    const reason = { error: error instanceof Error ? error.message : error }
    log.error(reason, 'the line cannot go on')
    const end = () => log.error(reason, 'stopped, for the line cannot go on')
    setTimeout(() => {
      end()
      process.exit(1)
    }, stopMs).unref()
    await instance.stop()
    end()
    process.exit(1)
  }
}

/** The layout that is asked for stands for all that `events:` says of one. */
function withLayout(loaded: Loaded, name: LayoutName | undefined): Loaded {
  const { config } = loaded
  return name === undefined
    ? loaded
    : { ...loaded, config: { ...config, events: { ...config.events, layout: layouts[name] } } }
}

function replay(
  { config: path, store: folder, send, layout }: ReplayOptions,
  onDecision: (decision: Decision) => void
) {
  const loaded = withLayout(load(path), layout)
  return buildReplay({
    loaded,
    clock: wallClock,
    log: logger(loaded, 'stderr'),
    folder,
    send: send === true,
    onDecision
  })
}

async function backfill(options: BackfillOptions, file: FileSource | undefined) {
  const loaded = load(options.config)
  const { from: fromMs, to: toMs } = options
  const store = await openStoreOf(options)
  return buildBackfill({ loaded, store, clock: wallClock, log: logger(loaded, 'stderr'), file, fromMs, toMs })
}

/** `current` is the configuration whose secrets are masked: an edit may bring others. */
function logger(
  loaded: Loaded,
  to: 'stdout' | 'stderr',
  current: () => Loaded = () => loaded
): LevelledLogger {
  const { level, pretty } = loaded.config.log
  const mask = (text: string) => maskOf(current().config)(text)
  return createLogger({ level, clock: wallClock, to, mask, ...(pretty !== 'auto' && { pretty }) })
}

const terminal = {
  print: (text: string) => process.stdout.write(`${visibleLines(text)}\n`),
  complain: (text: string) => process.stderr.write(`${visibleLines(text)}\n`),
  setExitCode(code: number) {
    process.exitCode = code
  }
}

const program = new Command('cartwatch')
  .description("Watches a shop's event stream and tells the right person when something goes wrong.")
  .version('0.1.0')
  .showHelpAfterError('(cartwatch --help lists the commands)')
  .configureHelp({ showGlobalOptions: true })

program.addCommand(runCommand(run))
program.addCommand(
  statusCommand({
    open: path => statusSourceOf(load(path), wallClock),
    ask: url => askStatus({ url, of: 'group', timeoutMs: statusMs }),
    columns: () => process.stdout.columns,
    ...terminal
  })
)
program.addCommand(
  demoCommand({ clock: wallClock, log: createLogger({ level: 'error', clock: wallClock, to: 'stderr' }) })
)
program.addCommand(replayCommand(replay))
program.addCommand(
  inspectCommand({
    open: path => {
      const loaded = load(path)
      return inspectingOf(loaded, wallClock, logger(loaded, 'stderr'))
    },
    ...terminal
  })
)
program.addCommand(backfillCommand(backfill))
program.addCommand(produceCommand(path => producerAccess(load(path).config, wallClock)))
program.addCommand(migrateCommand(openStoreOf))
program.addCommand(checkConfigCommand({ env: process.env, ...terminal }))
program.addCommand(
  routesCommand({
    load: path => configuredRoutesOf(load(path).config),
    clock: wallClock,
    env: process.env,
    readFile: path => readFileSync(path, 'utf8'),
    columns: () => process.stdout.columns,
    ...terminal
  })
)
program.addCommand(anomaliesCommand(openStoreOf))
program.addCommand(incidentsCommand(openStoreOf))
program.addCommand(notificationsCommand(openStoreOf))
program.addCommand(
  explainCommand({
    open: openStoreOf,
    settings: ({ config }) => alertsOf(load(config).config),
    live: async ({ config, store }) => {
      if (store !== undefined) return { kind: 'unknown', why: `of the folder ${store} nobody sends it` }
      return liveReceivers(statusSourceOf(load(config), wallClock).url)
    },
    clock: wallClock
  })
)
const operator = {
  open: openStoreOf,
  pipeline: ({ config }: StoreOptions) => load(config).config.pipeline,
  user: () => process.env['USER'] ?? 'somebody at the command line',
  clock: wallClock,
  print: terminal.print
}
program.addCommand(ackCommand(operator))
program.addCommand(silenceCommand(operator))
program.addCommand(queryCommand(openStoreOf))
program.addCommand(
  testAlertCommand({
    load: async path => {
      const { config } = load(path)
      const channels = channelsOf(config, wallClock)
      return { pipeline: config.pipeline, byName: channels.byName, close: channels.close }
    },
    clock: wallClock,
    ...terminal
  })
)

// The reader of our output, such as head, has seen enough.
process.stdout.on('error', error => process.exit('code' in error && error.code === 'EPIPE' ? 0 : 1))

if (existsSync('.env')) process.loadEnvFile('.env')
try {
  await program.parseAsync()
} catch (error) {
  process.stderr.write(`cartwatch: ${visibleLines(messageOf(error))}\n`)
  process.exitCode = 1
}
