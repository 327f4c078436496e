import { expect, test } from 'vitest'
import { createAuditCheck } from '../../src/audit/verify.ts'
import { openStore } from '../../src/store/open.ts'
import { describeWithKafka, uniqueName, useKafka } from '../support/kafka.ts'
import { pipelineConfig, useEngine } from '../support/pipeline.ts'
import { startProgram, writeConfig } from '../support/program.ts'
import { until } from '../support/until.ts'

const token = 'planted-api-token-of-16'

interface Row {
  readonly chain: string
  readonly action: string
  readonly actor: string
  readonly via: string
  readonly origin: string
  readonly details: string
}

describeWithKafka('the audit log of instances', () => {
  const kafka = useKafka()
  const engine = useEngine()

  test('has what people and instances did, and verifies after a kill', async ({ onTestFinished }) => {
    const topic = await kafka.createTopic({ partitions: 1 })
    const pipeline = uniqueName('audit')
    const config = pipelineConfig({
      ...{ pipeline, topic, brokers: kafka.bootstrap, store: engine.section(), session: '6s' },
      more: { http: { port: 0, api_token: token } }
    })
    const rows = () =>
      engine.rows<Row>(
        `SELECT chain, action, actor, via, origin, details FROM realtime.audit FINAL WHERE pipeline = '${pipeline}' ORDER BY at, seq`
      )
    const has = (action: string, count = 1) =>
      until(`${count} × ${action}`, async () => {
        const found = (await rows()).filter(row => row.action === action)
        return found.length >= count ? found : undefined
      })
    const start = () => startProgram(config, { onTestFinished })

    const first = await start()
    const { address } = await first.logged('operations port')
    await has('took_over')
    const silence = { match: { kind: 'data_loss' }, by: 'ann', reason: 'planted reason', for: '1h' }
    const ask = (authorization: string) =>
      fetch(`${address}/api/silences`, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json' },
        body: JSON.stringify(silence)
      })
    expect((await ask(`Bearer ${token}`)).status).toBe(201)
    expect(await has('silence')).toMatchObject([{ actor: 'ann', via: 'api', origin: '127.0.0.1' }])
    expect((await ask('Bearer wrong')).status).toBe(401)
    await writeConfig(first.configPath, { ...Object(config), alerts: 'off' })
    first.signal('SIGHUP')
    expect(await has('config_reloaded')).toMatchObject([
      { details: expect.stringContaining('"changed":["alerts"]') }
    ])

    const fresh = 'planted-fresh-token-of-16'
    const http = { port: 0, api_token: `${fresh} ${token}` }
    await writeConfig(first.configPath, { ...Object(config), alerts: 'off', http })
    first.signal('SIGHUP')
    expect(await has('secrets_changed')).toMatchObject([{ details: '{"keys":["http.api_token"]}' }])
    expect((await ask(`Bearer ${fresh}`)).status).toBe(201)
    expect((await ask(`Bearer ${token}`)).status).toBe(201)
    expect(await first.logged('an old secret is still in use')).toMatchObject({
      key: 'http.api_token',
      place: 2
    })

    const second = await start()
    await has('started', 2)
    first.signal('SIGTERM')
    await first.ended
    // The minute of the refused call is not over: the stop stores it.
    expect(await has('calls_refused')).toMatchObject([
      { via: 'api', origin: '127.0.0.1', details: '{"calls":1,"addresses":1}' }
    ])
    await has('stopped')
    await has('took_over', 2)
    second.kill()
    await second.ended
    const third = await start()
    await has('took_over', 3)
    third.signal('SIGTERM')
    await third.ended

    const written = await rows()
    expect(new Set(written.map(({ chain }) => chain)).size).toBe(3)
    expect(JSON.stringify(written)).not.toContain('planted')
    const { url, user, password } = engine.endpoint
    const store = await openStore({ url, user, password, folder: '', timeoutMs: 20_000 })
    onTestFinished(store.close)
    const check = createAuditCheck({ references: await store.auditReferences(), keptFromMs: 0 })
    for (const row of await store.auditPage(undefined, 10_000)) check.take(row)
    const { breaks, chains, heads } = check.end()
    expect({ breaks, chains }).toEqual({ breaks: [], chains: 3 })
    // All chains hang together: one row names all the others in turn.
    expect(heads).toHaveLength(1)
  })
})
