import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { Command } from '@commander-js/extra-typings'
import { commandsOf } from './cli/commands.ts'
import type { Terminal } from './cli/terminal.ts'
import { formatErrors } from './config/errors.ts'
import { type Loaded, loadConfig } from './config/load.ts'
import type { Used } from './config/unneeded.ts'
import { maskOf } from './run/assembly/mask.ts'
import { wallClock } from './telemetry/clock.ts'
import { createLogger, type LevelledLogger } from './telemetry/log.ts'
import { messageOf } from './telemetry/message.ts'
import { version } from './telemetry/version.ts'
import { visibleLines } from './telemetry/visible-text.ts'
import { tenantVariable } from './tenants/tenant-files.ts'

/** Whose process this is, where several run side by side. */
const tenant = process.env[tenantVariable] || undefined

/** A mistake of the person at the command line: the message is all there is to say. */
class UserError extends Error {}

function load(path: string | undefined, uses?: readonly Used[]): Loaded {
  const loaded = loadConfig({ path, env: process.env, ...(uses && { uses }) })
  if (loaded.ok) return loaded
  throw new UserError(formatErrors(loaded.errors))
}

/** Masks the secrets of the current configuration: a reload may bring others. */
function loggerOf(current: () => Loaded, to: 'stdout' | 'stderr'): LevelledLogger {
  const { level, pretty } = current().config.log
  const mask = (text: string) => maskOf(current().config)(text)
  return createLogger({ level, clock: wallClock, to, mask, tenant, ...(pretty !== 'auto' && { pretty }) })
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
  .option('--variables <file>', 'read variables from this file, not from .env; those that are set stay')
  .showHelpAfterError('(cartwatch --help lists the commands)')
  .configureHelp({ showGlobalOptions: true })
  .hook('preAction', command => loadEnvironmentFile(command.opts().variables))

const commands = await commandsOf(process.argv[2], {
  env: process.env,
  clock: wallClock,
  terminal,
  readFile: path => readFileSync(path, 'utf8'),
  listFolder: path => readdirSync(path),
  loadRun: async () => (await import('./running.ts')).createRun({ load, loggerOf, tenant }),
  loadRunTenants: async () => (await import('./running-tenants.ts')).createRunTenants(process.env),
  load,
  logOf: loaded =>
    loaded === undefined
      ? createLogger({ level: 'error', clock: wallClock, to: 'stderr' })
      : loggerOf(() => loaded, 'stderr')
})
for (const command of commands) program.addCommand(command)

// The reader of our output, such as head, has seen enough.
process.stdout.on('error', error => process.exit('code' in error && error.code === 'EPIPE' ? 0 : 1))

/** Reads the file that was named, or `.env` where there is one; variables that are set stay. */
function loadEnvironmentFile(named: string | undefined): void {
  // A tenant's process has its environment from who started it.
  if (tenant !== undefined && process.send !== undefined) return
  const path = named ?? '.env'
  const expected = 'expected a file with lines such as KAFKA_BOOTSTRAP_SERVERS=localhost:9092'
  if (!existsSync(path)) {
    if (named === undefined) return
    throw new UserError(`${path} does not exist; ${expected}`)
  }
  if (statSync(path).isDirectory())
    throw new UserError(`${path} is a directory (Docker makes one for a file that is missing); ${expected}`)
  try {
    process.loadEnvFile(path)
  } catch (cause) {
    throw new UserError(`${path} cannot be read (${messageOf(cause)}); ${expected}`)
  }
}

// What a command waits for may hold no process open, such as a pause before the store is asked again.
const alive = setInterval(() => {}, 60_000)
try {
  await program.parseAsync()
} catch (error) {
  process.stderr.write(`cartwatch: ${visibleLines(messageOf(error))}\n`)
  process.exitCode = 1
} finally {
  clearInterval(alive)
}
