import { existsSync, readFileSync, statSync } from 'node:fs'
import { Command } from '@commander-js/extra-typings'
import { commandsOf } from './cli/commands.ts'
import type { RunOptions } from './cli/run.ts'
import type { Terminal } from './cli/terminal.ts'
import { formatErrors } from './config/errors.ts'
import { type Loaded, loadConfig } from './config/load.ts'
import { whyNoButtons } from './config/no-buttons.ts'
import { whySilent } from './config/receivers.ts'
import type { Used } from './config/unneeded.ts'
import { onHangup } from './hangup.ts'
import type { Instance } from './run/assembly/live.ts'
import { maskOf } from './run/assembly/mask.ts'
import { wallClock } from './telemetry/clock.ts'
import { createLogger, type LevelledLogger } from './telemetry/log.ts'
import { messageOf } from './telemetry/message.ts'
import type { Logger } from './telemetry/types.ts'
import { version } from './telemetry/version.ts'
import { visibleLines } from './telemetry/visible-text.ts'

/** How long a stop may take before it is forced: an orchestrator kills soon after. */
const stopMs = 9_500

/** A mistake of the person at the command line: the message is all there is to say. */
class UserError extends Error {}

function load(path: string | undefined, uses?: readonly Used[]): Loaded {
  const loaded = loadConfig({ path, env: process.env, ...(uses && { uses }) })
  if (loaded.ok) return loaded
  throw new UserError(formatErrors(loaded.errors))
}

async function run({ config: path }: RunOptions): Promise<void> {
  const { whyUnpatched } = await import('./source/kafka/patch-check.ts')
  const { createMetrics } = await import('./telemetry/metrics.ts')
  const { createReloadableConfig } = await import('./run/assembly/reload.ts')
  const { buildLive } = await import('./run/assembly/live.ts')
  const { receiverLines } = await import('./run/assembly/receiver-lines.ts')
  const unpatched = whyUnpatched()
  if (unpatched !== undefined) throw new UserError(unpatched)
  const metrics = createMetrics({ ofProcess: true })
  metrics.setBuild(version, process.versions.node)
  const onReload = (isUsed: boolean) => metrics.setReload(isUsed, wallClock.now())
  const configuration = createReloadableConfig(load(path), { path, env: process.env }, onReload)
  onReload(true)
  const loaded = configuration.current()
  const log = loggerOf(configuration.current, 'stdout')
  for (const warning of loaded.warnings) log.warn({}, warning)
  for (const note of [whySilent(loaded.config), whyNoButtons(loaded.config)])
    if (note !== undefined) log.warn({}, note)
  for (const { receiver, message } of receiverLines(loaded)) log.info({ receiver }, message)
  const instance = await buildLive({ loaded, clock: wallClock, log, metrics })
  onHangup(() => configuration.reload(instance, log))
  await runUntilStopped(instance, log)
}

/** Ends the process: with 0 after SIGTERM or SIGINT, with 1 after an error or where the stop takes too long. */
async function runUntilStopped(instance: Instance, log: Logger): Promise<void> {
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
    // A connection that KafkaJS was about to make again could keep the process until it is forced to end.
    process.exit(0)
  } catch (error) {
    const fields = { error: messageOf(error) }
    log.error(fields, 'fatal: the pipeline cannot continue')
    const exit = () => {
      log.error(fields, 'fatal: exiting')
      process.exit(1)
    }
    setTimeout(exit, stopMs).unref()
    await instance.stop()
    exit()
  }
}

/** Masks the secrets of the current configuration: a reload may bring others. */
function loggerOf(current: () => Loaded, to: 'stdout' | 'stderr'): LevelledLogger {
  const { level, pretty } = current().config.log
  const mask = (text: string) => maskOf(current().config)(text)
  return createLogger({ level, clock: wallClock, to, mask, ...(pretty !== 'auto' && { pretty }) })
}

const terminal: Terminal = {
  print: text => process.stdout.write(`${visibleLines(text)}\n`),
  complain: text => process.stderr.write(`${visibleLines(text)}\n`),
  setExitCode(code) {
    process.exitCode = code
  },
  columns: () => process.stdout.columns
}

const program = new Command('cartwatch')
  .description("Watches a shop's event stream and alerts the right people when something goes wrong.")
  .version(version)
  .showHelpAfterError('(cartwatch --help lists the commands)')
  .configureHelp({ showGlobalOptions: true })

const commands = await commandsOf(process.argv[2], {
  env: process.env,
  clock: wallClock,
  terminal,
  readFile: path => readFileSync(path, 'utf8'),
  run,
  load,
  logOf: loaded =>
    loaded === undefined
      ? createLogger({ level: 'error', clock: wallClock, to: 'stderr' })
      : loggerOf(() => loaded, 'stderr')
})
for (const command of commands) program.addCommand(command)

// The reader of our output, such as head, has seen enough.
process.stdout.on('error', error => process.exit('code' in error && error.code === 'EPIPE' ? 0 : 1))

/** Reads `.env` where there is one; variables that are set stay. */
function loadEnvironmentFile(): void {
  if (!existsSync('.env')) return
  const expected = 'expected a file with lines such as KAFKA_BOOTSTRAP_SERVERS=localhost:9092'
  if (statSync('.env').isDirectory())
    throw new UserError(`.env is a directory (Docker makes one for a file that is missing); ${expected}`)
  try {
    process.loadEnvFile('.env')
  } catch (cause) {
    throw new UserError(`.env cannot be read (${messageOf(cause)}); ${expected}`)
  }
}

// What a command waits for may hold no process open, such as a pause before the store is asked again.
const alive = setInterval(() => {}, 60_000)
try {
  loadEnvironmentFile()
  await program.parseAsync()
} catch (error) {
  process.stderr.write(`cartwatch: ${visibleLines(messageOf(error))}\n`)
  process.exitCode = 1
} finally {
  clearInterval(alive)
}
