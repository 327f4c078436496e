import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openEchoingReceivers } from '../support/echoing-receivers.ts'
import { describeWithKafka, uniqueName, useKafka } from '../support/kafka.ts'
import { doneUntil, pipelineConfig, useEngine } from '../support/pipeline.ts'
import { type Program, runCommand, startTenants, temporaryFolder } from '../support/program.ts'
import { flushOfShop, windowOfShop } from '../support/shop-stream.ts'
import { until } from '../support/until.ts'

interface TenantPage {
  readonly tenant: string
  readonly status: string
  readonly restarts: number
  readonly pid: number
  readonly address: string
  readonly error: string | null
  readonly instance: { readonly tenant: string; readonly pipeline: string } | null
}

async function statuses(program: Program): Promise<Map<string, TenantPage>> {
  const { text } = await program.get('/status')
  const { tenants } = JSON.parse(text) as { readonly tenants: readonly TenantPage[] }
  return new Map(tenants.map(one => [one.tenant, one]))
}

const markers = { de: 'planted-of-the-german-shop', fr: 'planted-of-the-french-shop' }

describeWithKafka('tenants side by side', () => {
  const kafka = useKafka()
  const engine = useEngine()

  /** A shop whose outage is found and told, with a secret, a token, a database and a receiver of its own. */
  async function tenantOf(
    name: keyof typeof markers,
    onTestFinished: Parameters<typeof openEchoingReceivers>[0]
  ) {
    const topic = await kafka.createTopic()
    const receivers = await openEchoingReceivers(onTestFinished)
    const config = pipelineConfig({
      pipeline: uniqueName(`shop-${name}`),
      topic,
      brokers: kafka.bootstrap,
      store: { ...engine.section(), database: `tenant_${name}` },
      more: {
        detectors: { baseline: { warm_up: '60s' } },
        receivers: { hook: { type: 'webhook', url: `${receivers.url}/alerts`, secret: `\${HOOK_SECRET}` } },
        routes: [{ default: 'hook' }],
        http: { port: 0, api_token: `\${API_TOKEN}` }
      }
    })
    const env = `HOOK_SECRET=${markers[name]}-hook-secret\nAPI_TOKEN=${markers[name]}-api-token\n`
    return { topic, receivers, config, env }
  }

  test('find, store and tell what is theirs, and nothing of each other', async ({ onTestFinished }) => {
    const de = await tenantOf('de', onTestFinished)
    const fr = await tenantOf('fr', onTestFinished)
    const program = await startTenants(
      {
        'de.yaml': de.config,
        'de.env': de.env,
        'fr.yaml': fr.config,
        'fr.env': fr.env,
        'it.yaml': 'kafka: { gruop: cartwatch }',
        'nl.yaml': { ...de.config, pipeline: 'shop-nl', http: { port: 0 } },
        'nl.env': de.env
      },
      { onTestFinished, env: { SLACK_WEBHOOK_URL: 'https://hooks.slack.com/services/T0/B0/of-nobody' } }
    )
    const startMs = Math.floor(Date.now() / 1_000) * 1_000
    for (const [seed, { topic }] of [de, fr].entries()) {
      const outage = { from: 70, to: 80 }
      const stream = { seed, startMs, sizeMs: 1_000, graceMs: 500, partitions: 1, sessions: 12, outage }
      const windows = Array.from({ length: 80 }, (_, index) => windowOfShop(stream, index))
      await kafka.produce(topic, [...windows.flat(), ...flushOfShop(stream, 80)])
    }
    for (const { topic } of [de, fr]) await doneUntil(kafka, topic, startMs + 80_000)
    await until('both receivers to be told', () =>
      [de, fr].every(({ receivers: { bodies } }) => bodies.length > 0)
    )

    const pages = await statuses(program)
    expect([...pages.values()].map(({ tenant, status, error }) => [tenant, status, error])).toEqual([
      ['de', 'running', null],
      ['fr', 'running', null],
      [
        'it',
        'refused',
        `${program.configPath}/it.yaml:1:10: kafka.gruop: is not a known key; did you mean group?`
      ],
      [
        'nl',
        'refused',
        `${program.configPath}/nl.yaml: kafka.group is the consumer group of de: give each tenant its own`
      ]
    ])

    for (const [own, other] of [
      ['de', 'fr'],
      ['fr', 'de']
    ] as const) {
      const mine = { de, fr }[own]
      const theirs = { de, fr }[other]
      const page = pages.get(own)
      expect(page?.instance).toMatchObject({ tenant: own, pipeline: mine.config.pipeline })
      const tables = await engine.rows<{ name: string }>(
        `SELECT name FROM system.tables WHERE database = 'tenant_${own}'`
      )
      const rows = await Promise.all(
        tables.map(({ name }) => engine.rows(`SELECT * FROM tenant_${own}.${name}`))
      )
      const metrics = await (await fetch(`${page?.address}/metrics`)).text()
      const shown = {
        rows: JSON.stringify(rows),
        messages: mine.receivers.bodies.join('\n'),
        log: JSON.stringify(program.log.filter(({ tenant }) => tenant === own)),
        metrics,
        status: JSON.stringify(page),
        environment: await readFile(`/proc/${page?.pid}/environ`, 'utf8')
      }
      expect(shown.rows).toContain(mine.config.pipeline)
      expect(shown.messages).toContain(mine.config.pipeline)
      expect(shown.log).toContain(mine.topic)
      expect(shown.metrics).toContain(`cartwatch_events_total{topic="${mine.topic}",tenant="${own}"}`)
      expect(shown.environment).toContain(markers[own])
      for (const [where, text] of Object.entries(shown))
        for (const foreign of [markers[other], theirs.config.pipeline, theirs.topic, 'of-nobody'])
          expect(text.includes(foreign), `${where} of ${own} shows ${foreign}`).toBe(false)
      const asWhom = async (name: keyof typeof markers) => {
        const headers = { authorization: `Bearer ${markers[name]}-api-token` }
        return (await fetch(`${page?.address}/api/incidents`, { headers })).status
      }
      expect([await asWhom(own), await asWhom(other)]).toEqual([200, 401])
    }

    const { text } = await program.get('/metrics')
    for (const line of ['cartwatch_tenant_up{tenant="fr"} 1', 'cartwatch_tenant_up{tenant="it"} 0'])
      expect(text.split('\n')).toContain(line)
    expect(program.written()).not.toContain('of-nobody')
  })

  test('go on while one of them is killed, and it is started again', async ({ onTestFinished }) => {
    const de = await tenantOf('de', onTestFinished)
    const fr = await tenantOf('fr', onTestFinished)
    const files = { 'de.yaml': de.config, 'de.env': de.env, 'fr.yaml': fr.config, 'fr.env': fr.env }
    const program = await startTenants(files, { onTestFinished })
    const before = await until('both to run', async () => {
      const pages = await statuses(program)
      return [...pages.values()].every(({ status }) => status === 'running') && pages
    })
    process.kill(before.get('de')?.pid as number, 'SIGKILL')
    const after = await until('the killed one to run again', async () => {
      const pages = await statuses(program)
      return pages.get('de')?.restarts === 1 && pages.get('de')?.status === 'running' && pages
    })
    expect(after.get('de')?.error).toBe('its process was ended by SIGKILL')
    expect(after.get('fr')).toMatchObject({ pid: before.get('fr')?.pid, restarts: 0, error: null })
    expect(await program.metric('cartwatch_tenant_restarts_total', { tenant: 'de' })).toBe(1)

    program.signal('SIGTERM')
    expect(await program.ended).toBe(0)
    for (const { pid } of after.values()) expect(() => process.kill(pid, 0)).toThrow('ESRCH')
  })

  test('end with the process that started them, however that ends', async ({ onTestFinished }) => {
    const de = await tenantOf('de', onTestFinished)
    const program = await startTenants({ 'de.yaml': de.config, 'de.env': de.env }, { onTestFinished })
    const pid = await until('it to run', async () => {
      const page = (await statuses(program)).get('de')
      return page?.status === 'running' && page.pid
    })
    program.kill()
    await until('its process to have ended', () => {
      try {
        return !process.kill(pid, 0)
      } catch {
        return true
      }
    })
  })
})

test("a command reads a tenant's variables from the file that is named", async ({ onTestFinished }) => {
  const folder = await temporaryFolder(onTestFinished)
  const variables = join(folder, 'de.env')
  const config = join(folder, 'de.yaml')
  await writeFile(variables, 'SHOP=shop-of-the-file\nCARTWATCH_API_TOKEN=short\n')
  await writeFile(config, `pipeline: "\${SHOP}"\n`)
  const wrong = await runCommand(['--variables', variables, 'check-config', config])
  expect([wrong.code, wrong.errors.split('\n')[0]]).toEqual([
    1,
    'environment variable CARTWATCH_API_TOKEN: http.api_token: is "***"; expected at least 16 characters without spaces'
  ])
  const env = { CARTWATCH_API_TOKEN: 'of-the-environment' }
  const right = await runCommand(['--variables', variables, 'check-config', '--print', config], env)
  expect([right.code, right.out.split('\n')[0]]).toEqual([0, 'pipeline: shop-of-the-file'])
  const none = await runCommand(['--variables', join(folder, 'no.env'), 'check-config', config])
  expect([none.code, none.errors]).toEqual([
    1,
    `cartwatch: ${folder}/no.env does not exist; expected a file with lines such as KAFKA_BOOTSTRAP_SERVERS=localhost:9092\n`
  ])
})
