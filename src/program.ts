import { existsSync, statSync } from 'node:fs'
import { Command, type CommandUnknownOpts } from '@commander-js/extra-typings'
import { type CommandName, commandNames, listed, listedTerm } from './cli/overview.ts'
import type { Terminal } from './cli/terminal.ts'
import { messageOf } from './telemetry/message.ts'
import { version } from './telemetry/version.ts'
import { visibleLines } from './telemetry/visible-text.ts'
import { tenantVariable } from './tenants/tenant-variable.ts'

/** Whose process this is, where several run side by side. */
const tenant = process.env[tenantVariable] || undefined

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
  .configureHelp({ showGlobalOptions: true, subcommandTerm: command => listedTerm(command.name()) })
  .hook('preAction', command => loadEnvironmentFile(command.opts().variables))

for (const command of await commandsFor(process.argv)) program.addCommand(command)

/** Those that are named; of the others what `--help` shows, for nobody should wait for what they need. */
async function commandsFor(args: readonly string[]): Promise<readonly CommandUnknownOpts[]> {
  const named: ReadonlySet<CommandName> = new Set(commandNames.filter(name => args.includes(name)))
  if (named.size === 0) return commandNames.map(listed)
  // A configuration is read once: to compile what reads it takes longer than that.
  const { config } = await import('zod')
  config({ jitless: true })
  const { commandContext } = await import('./command-context.ts')
  const { commandOf } = await import('./cli/commands.ts')
  const context = commandContext(terminal, tenant)
  return Promise.all(
    commandNames.map(async name => (named.has(name) ? commandOf(name, context) : listed(name)))
  )
}

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
    throw new Error(`${path} does not exist; ${expected}`)
  }
  if (statSync(path).isDirectory())
    throw new Error(`${path} is a directory (Docker makes one for a file that is missing); ${expected}`)
  try {
    process.loadEnvFile(path)
  } catch (cause) {
    throw new Error(`${path} cannot be read (${messageOf(cause)}); ${expected}`)
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
