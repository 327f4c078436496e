import { messageOf } from '../telemetry/message.ts'
import type { TenantMetrics } from '../telemetry/tenant-metrics.ts'
import type { Logger } from '../telemetry/types.ts'
import type { TenantStatus, TenantsPages } from '../web/tenants-port.ts'
import type { Answers, Ask } from './protocol.ts'
import type { Refusal, Tenant } from './tenant-files.ts'
import type { TenantProcess } from './tenant-process.ts'

export interface Running {
  readonly tenant: Tenant
  readonly process: TenantProcess
}

export interface PagesParts {
  readonly running: ReadonlyMap<string, Running>
  readonly refused: () => readonly Refusal[]
  readonly metrics: TenantMetrics
  readonly log: Logger
}

/** What is shown of all tenants: each process says what it shows itself. */
export function pagesOf({ running, refused, metrics, log }: PagesParts): TenantsPages {
  const down = () => refused().filter(({ name }) => !running.has(name))

  /** What every tenant answers, by name; null where it does not. */
  async function askAll<What extends Ask>(ask: What): Promise<Map<string, Answers[What] | null>> {
    const all = [...running].map(async ([name, { process }]) => {
      const answer = await process.ask(ask).catch(error => {
        log.warn({ tenant: name, error: messageOf(error) }, `a tenant did not tell its ${ask}`)
        return null
      })
      return [name, answer] as const
    })
    return new Map([...(await Promise.all(all)), ...down().map(({ name }) => [name, null] as const)])
  }

  return {
    async statuses() {
      const answers = await askAll('status')
      const ofRunning = [...running].map(([tenant, { process }]): TenantStatus => {
        const { since, lastEnd, ...state } = process.state()
        const answer = answers.get(tenant) ?? null
        return {
          ...{ tenant, ...state, since: new Date(since).toISOString(), error: lastEnd },
          instance: answer === null ? null : JSON.parse(answer)
        }
      })
      const ofDown = down().map(({ name, message }) => ({ ...refusedState, tenant: name, error: message }))
      return [...ofRunning, ...ofDown].toSorted((a, b) => (a.tenant < b.tenant ? -1 : 1))
    },
    health: () => askAll('health'),
    metrics: async () => metrics.render(await askAll('metrics')),
    metricsType: metrics.contentType
  }
}

const refusedState = {
  status: 'refused',
  since: null,
  restarts: 0,
  pid: null,
  address: null,
  instance: null
} as const
