#!/usr/bin/env node
import { existsSync } from 'node:fs'
import { Command } from 'commander'
import { buildLive, openConfigured } from './build/live.ts'
import { buildReplay } from './build/replay.ts'
import { anomaliesCommand } from './cli/anomalies.ts'
import { checkConfigCommand } from './cli/check-config.ts'
import { demoCommand } from './cli/demo.ts'
import { migrateCommand } from './cli/migrate.ts'
import { produceCommand } from './cli/produce.ts'
import { queryCommand } from './cli/query.ts'
import { type ReplayOptions, replayCommand } from './cli/replay.ts'
import { type RunOptions, runCommand } from './cli/run.ts'
import { testAlertCommand } from './cli/test-alert.ts'
import type { StoreOptions } from './cli/with-store.ts'
import { formatErrors } from './config/errors.ts'
import { type Loaded, loadConfig } from './config/load.ts'
import { reloadConfig } from './config/reload.ts'
import type { Judgement } from './pipeline/judge.ts'
import { wallClock } from './telemetry/clock.ts'
import { createLogger } from './telemetry/log.ts'
import { createMetrics } from './telemetry/metrics.ts'
import type { Logger } from './telemetry/types.ts'

/** How long a stop may take before it is forced: an orchestrator kills soon after. */
const stopMs = 9_500

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
  const log = logger(loaded, 'stdout')
  for (const warning of loaded.warnings) log.warn({}, warning)
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
  await Promise.race([instance.run(), stopped])
  await stopped
  log.info({}, 'stopped')
}

function replay(
  { config: path, store: folder, send }: ReplayOptions,
  onJudgement: (judgement: Judgement) => void
) {
  const loaded = load(path)
  return buildReplay({
    loaded,
    clock: wallClock,
    log: logger(loaded, 'stderr'),
    folder,
    send: send === true,
    onJudgement
  })
}

function logger({ config }: Loaded, to: 'stdout' | 'stderr'): Logger {
  const { level, pretty } = config.log
  return createLogger({ level, clock: wallClock, to, ...(pretty !== 'auto' && { pretty }) })
}

const program = new Command('cartwatch')
  .description("Watches a shop's event stream and tells the right person when something goes wrong.")
  .version('0.1.0')
  .showHelpAfterError('(cartwatch --help lists the commands)')
  .configureHelp({ showGlobalOptions: true })

program.addCommand(runCommand(run))
program.addCommand(
  demoCommand({ clock: wallClock, log: createLogger({ level: 'warn', clock: wallClock, to: 'stderr' }) })
)
program.addCommand(replayCommand(replay))
program.addCommand(produceCommand())
program.addCommand(migrateCommand(openStoreOf))
program.addCommand(
  checkConfigCommand({
    env: process.env,
    print: text => process.stdout.write(`${text}\n`),
    complain: text => process.stderr.write(`${text}\n`),
    setExitCode: code => {
      process.exitCode = code
    }
  })
)
program.addCommand(anomaliesCommand(openStoreOf))
program.addCommand(queryCommand(openStoreOf))
program.addCommand(testAlertCommand())

if (existsSync('.env')) process.loadEnvFile('.env')
try {
  await program.parseAsync()
} catch (error) {
  process.stderr.write(`cartwatch: ${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
