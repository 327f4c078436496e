import { expect, test } from 'vitest'
import { createTenantMetrics } from '../../../src/telemetry/tenant-metrics.ts'
import type { Answers } from '../../../src/tenants/protocol.ts'
import { createSupervisor } from '../../../src/tenants/supervisor.ts'
import type { Plan, Refusal, Tenant } from '../../../src/tenants/tenant-files.ts'
import { createTenantsPort } from '../../../src/web/tenants-port.ts'
import { createManualClock } from '../../support/manual-clock.ts'
import { createRecordedLog } from '../../support/recorded-log.ts'

const tenantOf = (name: string, env: Tenant['env'] = {}) =>
  ({ name, configPath: `t/${name}.yaml`, env }) as Tenant
const refusalOf = (name: string): Refusal => ({ name, message: `t/${name}.yaml is wrong` })
const planOf = (tenants: readonly Tenant[], refused: readonly Refusal[] = []): Plan => ({
  tenants,
  refused,
  warnings: []
})

const readiness = { status: 'ready', components: {} } as const
const health = {
  overall_status: 'healthy',
  components: {},
  total_notifications: 0,
  success_rate: null,
  avg_response_time_ms: null,
  p95_response_time_ms: null
} as const

const metricsOf = (tenant: string): Answers['metrics'] =>
  [
    {
      name: 'cartwatch_open_windows',
      help: 'Windows',
      type: 'gauge',
      // As of a process's own metrics, which are in no sum of a cluster.
      aggregator: 'omit',
      values: [{ value: 3, labels: { tenant } }]
    }
  ] as unknown as Answers['metrics']

/** A supervisor whose folder and processes the test plays; each process runs, and answers, until it is told to stop. */
function supervised(first: Plan) {
  const log = createRecordedLog()
  const events: string[] = []
  let plan: Plan | Error = first
  const supervisor = createSupervisor({
    read() {
      if (plan instanceof Error) throw plan
      return plan
    },
    start({ name, env }) {
      events.push(`start ${name}${env['A'] === undefined ? '' : ` A=${env['A']}`}`)
      const { promise: ended, resolve: end } = Promise.withResolvers<string>()
      let hear: (message: never) => void = () => {}
      return {
        pid: 7,
        ended,
        onMessage(listener) {
          hear = listener
          listener({ type: 'listening', address: `http://${name}` })
        },
        send({ id, ask }) {
          const answers = {
            metrics: metricsOf(name),
            status: `{"pipeline":"${name}"}`,
            health: { readiness, health }
          }
          hear({ type: 'answer', id, answer: answers[ask] } as never)
        },
        kill(signal) {
          events.push(`${signal} ${name}`)
          if (signal === 'SIGTERM') end('its process ended with code 0')
        }
      }
    },
    metrics: createTenantMetrics(),
    clock: createManualClock(0),
    log
  })
  const settle = () => new Promise<void>(resolve => setImmediate(resolve))
  return {
    ...{ supervisor, events, log },
    async reload(next: Plan | Error) {
      events.length = 0
      plan = next
      supervisor.reload()
      await settle()
    }
  }
}

test('starts those that are right, and says of the others what is wrong', async () => {
  const { supervisor, events, log } = supervised(planOf([tenantOf('de')], [refusalOf('fr')]))
  expect(events).toEqual(['start de'])
  expect(log.lines.filter(({ level }) => level === 'error')).toEqual([
    {
      level: 'error',
      message: 'tenant refused: it does not run; the others do',
      fields: { tenant: 'fr', errors: 't/fr.yaml is wrong' }
    }
  ])
  expect(await supervisor.pages.statuses()).toMatchObject([
    { tenant: 'de', status: 'running', address: 'http://de', error: null, instance: { pipeline: 'de' } },
    { tenant: 'fr', status: 'refused', pid: null, error: 't/fr.yaml is wrong', instance: null }
  ])
  await supervisor.stop()
  expect(events).toEqual(['start de', 'SIGTERM de'])
})

test('throws where nobody can be started', () => {
  expect(() => supervised(planOf([], [refusalOf('de'), refusalOf('fr')]))).toThrow(
    'no tenant can be started\nt/de.yaml is wrong\nt/fr.yaml is wrong'
  )
})

test('a reload starts who is new, stops who is gone, and lets the others read their files', async () => {
  const { reload, events } = supervised(planOf([tenantOf('de'), tenantOf('fr')]))
  await reload(planOf([tenantOf('de'), tenantOf('it')]))
  expect(events).toEqual(['SIGTERM fr', 'SIGHUP de', 'start it'])
})

test('a reload starts anew whose variables have changed', async () => {
  const { reload, events } = supervised(planOf([tenantOf('de', { A: '1' }), tenantOf('fr')]))
  await reload(planOf([tenantOf('de', { A: '2' }), tenantOf('fr')]))
  expect(events).toEqual(['SIGTERM de', 'SIGHUP fr', 'start de A=2'])
})

test('who becomes wrong at a reload keeps running as before', async () => {
  const { supervisor, reload, events, log } = supervised(planOf([tenantOf('de'), tenantOf('fr')]))
  await reload(planOf([tenantOf('de')], [refusalOf('fr')]))
  expect(events).toEqual(['SIGHUP de'])
  expect(log.lines.at(-1)?.message).toBe('tenant refused: it keeps its old configuration')
  expect((await supervisor.pages.statuses()).map(({ status }) => status)).toEqual(['running', 'running'])
})

test('a folder that cannot be read at a reload changes nothing', async () => {
  const { reload, events, log } = supervised(planOf([tenantOf('de')]))
  await reload(new Error("t can't be read (EACCES)"))
  expect(events).toEqual([])
  expect(log.lines.at(-1)).toMatchObject({
    level: 'error',
    message: 'tenants not reloaded: the old ones go on',
    fields: { error: "t can't be read (EACCES)" }
  })
})

test('the metrics of all stand side by side, each with its tenant', async () => {
  const { supervisor } = supervised(planOf([tenantOf('de'), tenantOf('fr')], [refusalOf('it')]))
  const page = await supervisor.pages.metrics()
  expect(page.split('\n').filter(line => /^cartwatch/.test(line))).toEqual([
    'cartwatch_tenant_up{tenant="de"} 1',
    'cartwatch_tenant_up{tenant="fr"} 1',
    'cartwatch_tenant_up{tenant="it"} 0',
    'cartwatch_tenant_restarts_total{tenant="de"} 0',
    'cartwatch_tenant_restarts_total{tenant="fr"} 0',
    'cartwatch_tenant_restarts_total{tenant="it"} 0',
    'cartwatch_open_windows{tenant="de"} 3',
    'cartwatch_open_windows{tenant="fr"} 3'
  ])
})

test.each([
  ['all run', [], 200, { status: 'ready', tenants: { de: 'ready' } }, 200, 'healthy'],
  [
    'one does not',
    [refusalOf('fr')],
    503,
    { status: 'not_ready', tenants: { de: 'ready', fr: 'not_ready' } },
    503,
    'unhealthy'
  ]
])('the port says whether %s', async (_, refused, ready, page, healthCode, overall) => {
  const { supervisor } = supervised(planOf([tenantOf('de')], refused))
  const port = createTenantsPort({ host: '127.0.0.1', port: 0, ...supervisor.pages })
  const address = await port.listen()
  try {
    const readyz = await fetch(`${address}/readyz`)
    expect([readyz.status, await readyz.json()]).toEqual([ready, page])
    const healthPage = await fetch(`${address}/health`)
    expect([healthPage.status, await healthPage.json()]).toMatchObject([
      healthCode,
      { overall_status: overall }
    ])
    expect(await (await fetch(`${address}/healthz`)).json()).toEqual({ status: 'alive' })
    expect((await fetch(`${address}/api/incidents`)).status).toBe(404)
  } finally {
    await port.close()
  }
})
