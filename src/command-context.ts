import { readdirSync, readFileSync } from 'node:fs'
import type { CommandContext } from './cli/context.ts'
import type { Terminal } from './cli/terminal.ts'
import { formatErrors } from './config/errors.ts'
import { type Loaded, loadConfig } from './config/load.ts'
import type { Used } from './config/unneeded.ts'
import { maskOf } from './run/assembly/mask.ts'
import { wallClock } from './telemetry/clock.ts'
import { createLogger, type LevelledLogger } from './telemetry/log.ts'

/** What commands need of this process; `tenant`: whose process it is, where several run side by side. */
export function commandContext(terminal: Terminal, tenant: string | undefined): CommandContext {
  /** Masks the secrets of the current configuration: a reload may bring others. */
  function loggerOf(current: () => Loaded, to: 'stdout' | 'stderr'): LevelledLogger {
    const { level, pretty } = current().config.log
    const mask = (text: string) => maskOf(current().config)(text)
    return createLogger({ level, clock: wallClock, to, mask, tenant, ...(pretty !== 'auto' && { pretty }) })
  }

  return {
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
  }
}

/** Throws with all that is wrong, which is all there is to say. */
function load(path: string | undefined, uses?: readonly Used[]): Loaded {
  const loaded = loadConfig({ path, env: process.env, ...(uses && { uses }) })
  if (loaded.ok) return loaded
  throw new Error(formatErrors(loaded.errors))
}
