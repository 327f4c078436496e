import { readdirSync, readFileSync } from 'node:fs'
import type { RunTenants } from './cli/run.ts'
import type { Env } from './config/environment.ts'
import { onHangup } from './hangup.ts'
import { wallClock } from './telemetry/clock.ts'
import { createLogger } from './telemetry/log.ts'
import { createTenantMetrics } from './telemetry/tenant-metrics.ts'
import { startProcess } from './tenants/start-process.ts'
import { createSupervisor } from './tenants/supervisor.ts'
import { readTenants } from './tenants/tenant-files.ts'
import { createTenantsPort } from './web/tenants-port.ts'

/** `cartwatch run --tenants`: a process for each tenant, until a signal ends this one. */
export function createRunTenants(env: Env): RunTenants {
  return async function runTenants({ folder, listen = addressOf(env) }) {
    const log = createLogger({ level: 'info', clock: wallClock, to: 'stdout' })
    const tenantFolder = {
      ...{ path: folder, env, port: listen.port },
      readFile: (path: string) => readFileSync(path, 'utf8'),
      list: (path: string) => readdirSync(path)
    }
    const supervisor = createSupervisor({
      read: () => readTenants(tenantFolder),
      start: startProcess,
      metrics: createTenantMetrics(),
      clock: wallClock,
      log
    })
    const port = createTenantsPort({ ...listen, ...supervisor.pages })
    const stopped = new Promise<void>(resolve => {
      for (const signal of ['SIGTERM', 'SIGINT'] as const)
        process.once(signal, () => {
          log.info({ signal }, 'stopping all tenants')
          resolve(supervisor.stop())
        })
    })
    onHangup(supervisor.reload)
    try {
      log.info(
        { address: await port.listen() },
        'operations port of all tenants: /health, /healthz, /readyz, /status, /metrics'
      )
    } catch (error) {
      await supervisor.stop()
      throw error
    }
    await stopped
    await port.close()
    log.info({}, 'stopped')
  }
}

function addressOf(env: Env) {
  const { HTTP_HOST: host, HTTP_PORT: written } = env
  const port = Number(written || 8080)
  if (!(Number.isInteger(port) && port >= 0 && port <= 65_535))
    throw new Error(`environment variable HTTP_PORT: is "${written}"; expected a number from 0 to 65535`)
  return { host: host || '127.0.0.1', port }
}
