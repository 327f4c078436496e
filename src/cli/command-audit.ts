import { existsSync } from 'node:fs'
import { hostname } from 'node:os'
import { createLedger } from '../audit/ledger.ts'
import type { AuditEvent } from '../audit/row.ts'
import type { Env } from '../config/environment.ts'
import type { Loaded } from '../config/load.ts'
import type { Config } from '../config/schema.ts'
import type { Store } from '../store/types.ts'
import type { Clock } from '../telemetry/clock.ts'
import { messageOf } from '../telemetry/message.ts'

/** What a command did; who ran it and where is added. */
export type CommandEvent = Omit<AuditEvent, 'at' | 'via' | 'origin'>

/** Notes what a command did in the audit log. Where that fails it says so; what was done stays done. */
export interface CommandAudit {
  inStore(store: Store, pipeline: string, event: CommandEvent): Promise<void>
  /** Into the store of a configuration, if there is one yet. */
  inConfigured(configFile: string | undefined, event: CommandEvent): Promise<void>
}

export interface CommandAuditParts {
  readonly env: Env
  readonly clock: Pick<Clock, 'now'>
  readonly complain: (text: string) => void
  readonly load: (configFile: string | undefined) => Loaded
  readonly openStore: (config: Config) => Promise<Store>
}

export const userOf = (env: Env): string => env['USER'] ?? 'somebody at the command line'

export function createCommandAudit(parts: CommandAuditParts): CommandAudit {
  const { env, clock, complain, load, openStore } = parts
  const user = userOf(env)
  const origin = `${user}@${hostname()}`

  async function write(store: Store, pipeline: string, event: CommandEvent): Promise<void> {
    const writer = `command on ${hostname()}:${process.pid}`
    const ledger = createLedger({ writer, pipeline, store, now: clock.now })
    ledger.record({ actor: user, ...event, via: 'cli', origin })
    await ledger.flush()
  }

  async function orComplain(work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (error) {
      complain(`not in the audit log: ${messageOf(error)}`)
    }
  }

  return {
    inStore: (store, pipeline, event) => orComplain(() => write(store, pipeline, event)),
    inConfigured: (configFile, event) =>
      orComplain(async () => {
        const { config } = load(configFile)
        if (config.store.url === undefined && !existsSync(config.store.folder)) return
        const store = await openStore(config)
        try {
          await write(store, config.pipeline, event)
        } finally {
          await store.close()
        }
      })
  }
}
