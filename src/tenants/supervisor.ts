import type { Clock } from '../telemetry/clock.ts'
import { messageOf } from '../telemetry/message.ts'
import type { TenantMetrics } from '../telemetry/tenant-metrics.ts'
import type { Logger } from '../telemetry/types.ts'
import type { TenantsPages } from '../web/tenants-port.ts'
import { pagesOf, type Running } from './pages.ts'
import type { Plan, Tenant } from './tenant-files.ts'
import { type Child, createTenantProcess } from './tenant-process.ts'

export interface SupervisorOptions {
  /** Reads the folder; throws where it can't be read or holds no tenant. */
  readonly read: () => Plan
  readonly start: (tenant: Tenant) => Child
  readonly metrics: TenantMetrics
  readonly clock: Clock
  readonly log: Logger
}

/** A process for each tenant of a folder: one that fails leaves the others running. */
export interface Supervisor {
  readonly pages: TenantsPages
  /** Reads the folder again: starts who is new, stops who is gone, lets the others read their configuration. */
  reload(): void
  stop(): Promise<void>
}

/** Starts them. Throws where none of them can be started. */
export function createSupervisor(options: SupervisorOptions): Supervisor {
  const { read, start, metrics, clock, log } = options
  const running = new Map<string, Running>()
  let refused: Plan['refused'] = []

  function begin(tenant: Tenant): void {
    const { name } = tenant
    const onRestart = () => metrics.addRestart(name)
    const process = createTenantProcess({ tenant, start, onRestart, clock, log })
    running.set(name, { tenant, process })
    log.info({ tenant: name, config: tenant.configPath, pid: process.state().pid }, 'tenant started')
  }

  async function end({ tenant: { name }, process }: Running): Promise<void> {
    running.delete(name)
    await process.stop()
    log.info({ tenant: name }, 'tenant stopped')
  }

  /** Its environment is given to a process once. */
  async function renew(old: Running, tenant: Tenant): Promise<void> {
    await end(old)
    begin(tenant)
  }

  function apply(plan: Plan): void {
    ;({ refused } = plan)
    for (const warning of plan.warnings) log.warn({}, warning)
    for (const { name, message } of refused) {
      const what = running.has(name) ? 'it keeps its old configuration' : 'it does not run; the others do'
      log.error({ tenant: name, errors: message }, `tenant refused: ${what}`)
    }
    const known = new Set([...plan.tenants, ...refused].map(({ name }) => name))
    for (const one of running.values()) if (!known.has(one.tenant.name)) void end(one)
    for (const tenant of plan.tenants) {
      const old = running.get(tenant.name)
      if (old === undefined) begin(tenant)
      else if (JSON.stringify(old.tenant.env) === JSON.stringify(tenant.env)) old.process.reload()
      else void renew(old, tenant)
    }
  }

  const first = read()
  if (first.tenants.length === 0)
    throw new Error(['no tenant can be started', ...first.refused.map(({ message }) => message)].join('\n'))
  apply(first)

  return {
    pages: pagesOf({ running, refused: () => refused, metrics, log }),
    reload() {
      try {
        apply(read())
      } catch (error) {
        log.error({ error: messageOf(error) }, 'tenants not reloaded: the old ones go on')
      }
    },
    async stop() {
      await Promise.all([...running.values()].map(end))
    }
  }
}
