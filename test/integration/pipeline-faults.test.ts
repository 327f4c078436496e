import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, test } from 'vitest'
import { freePort } from '../../src/demo/broker/free-port.ts'
import { describeWithKafka, uniqueName, useKafka } from '../support/kafka.ts'
import { doneUntil, pipelineConfig, useEngine } from '../support/pipeline.ts'
import { type OnTestFinished, startProgram, writeConfig } from '../support/program.ts'
import { flushOfShop, windowOfShop } from '../support/shop-stream.ts'
import { until } from '../support/until.ts'

const nowhere = async () => `127.0.0.1:${await freePort()}`

describe.concurrent('a program that cannot begin', () => {
  test('keeps trying to reach Kafka, says which, is alive and not ready, and ends on SIGTERM', async ({
    onTestFinished
  }) => {
    const brokers = await nowhere()
    const store = { url: `http://${await nowhere()}` }
    const program = await startProgram(pipelineConfig({ pipeline: 'p', topic: 't', brokers, store }), {
      onTestFinished
    })
    const line = await program.logged('Kafka cannot be reached')
    expect(line).toMatchObject({ level: 'error', brokers: [brokers] })
    const again = () => program.log.filter(({ msg }) => msg?.startsWith('Kafka cannot be reached')).length
    await until('another try', () => again() > 1)
    const ready = await program.get('/readyz')
    expect(ready.status).toBe(503)
    expect(JSON.parse(ready.text).components.kafka.status).not.toBe('ok')
    expect(await program.get('/healthz')).toMatchObject({ status: 200 })
    program.signal('SIGTERM')
    expect(await program.ended).toBe(0)
  })

  test('reports all errors of its configuration at once, and ends with 1', async ({ onTestFinished }) => {
    const config = [
      'pipelin: shop',
      'timezone: Europe/Berln',
      'kafka: { start: yesterday }',
      'windows: { size: 7s }',
      'detectors: { revenue_dorp: { drop: 40% } }'
    ].join('\n')
    const program = await startProgram(config, { onTestFinished })
    expect(await program.ended).toBe(1)
    const mistakes = program
      .written()
      .split('\n')
      .filter(line => /cartwatch\.yaml:\d+:\d+: /.test(line))
    expect(mistakes.map(line => /cartwatch\.yaml:(\d+):/.exec(line)?.[1])).toEqual(['1', '2', '3', '4', '5'])
  })
})

describeWithKafka.concurrent('a program that runs', () => {
  const kafka = useKafka()
  const engine = useEngine()

  test('says that its topic is missing, not that Kafka is away', async ({ onTestFinished }) => {
    const topic = uniqueName('no-topic')
    const store = { url: `http://${await nowhere()}` }
    const config = pipelineConfig({ pipeline: 'p', topic, brokers: kafka.bootstrap, store })
    const program = await startProgram(config, { onTestFinished })
    const line = await program.logged('there is no topic')
    expect(line.msg).toBe(`there is no topic ${topic} yet (kafka.topics): trying again`)
    expect((await program.get('/readyz')).status).toBe(503)
  })

  test('says that ClickHouse refused it, in the log and on /readyz, and shows no secret', async ({
    onTestFinished
  }) => {
    const topic = await kafka.createTopic()
    const url = await refusingClickHouse(onTestFinished)
    const program = await startProgram(
      pipelineConfig({
        pipeline: 'refused',
        topic,
        brokers: kafka.bootstrap,
        store: { url, user: 'watcher' }
      }),
      { onTestFinished, env: { CLICKHOUSE_PASSWORD: 'open-sesame-42' } }
    )
    const refused = `ClickHouse at ${url} refused the user "watcher": wrong user name or password (code 516)`
    await until('a line that says so', () => program.log.some(line => Object.values(line).includes(refused)))
    const ready = await until('/readyz to say so', async () => {
      const answer = await program.get('/readyz')
      const { kafka: reading, store } = JSON.parse(answer.text).components
      return `${reading.detail} ${store.detail}`.includes(refused) && answer
    })
    expect(ready.status).toBe(503)
    expect(program.written() + ready.text).not.toContain('sesame')
    program.signal('SIGTERM')
    expect(await program.ended).toBe(0)
  })

  test('reloads a valid edit on SIGHUP, and keeps the old configuration when the edit is wrong', async ({
    onTestFinished
  }) => {
    const topic = await kafka.createTopic()
    const pipeline = uniqueName('edited')
    const sizeMs = 1_000
    const startMs = Math.floor(Date.now() / sizeMs) * sizeMs
    const stream = {
      seed: 3,
      startMs,
      sizeMs,
      graceMs: 500,
      partitions: 1,
      sessions: 12,
      outage: { from: 70, to: 90 }
    }
    const windows = (from: number, to: number) =>
      Array.from({ length: to - from }, (_, index) => windowOfShop(stream, from + index)).flat()
    const config = (detectors: object) =>
      pipelineConfig({
        pipeline,
        topic,
        brokers: kafka.bootstrap,
        store: engine.section(),
        more: { detectors: { baseline: { warm_up: '60s' }, ...detectors } }
      })
    const off = { enabled: false }
    await kafka.produce(topic, windows(0, 70))
    const program = await startProgram(
      config({ revenue_drop: off, checkout_failure: off, cart_abandonment_spike: off, conversion_drop: off }),
      { onTestFinished }
    )
    await doneUntil(kafka, topic, startMs + 69 * sizeMs)

    await writeConfig(program.configPath, 'detectors: { revenue_dorp: { enabled: true } }')
    program.signal('SIGHUP')
    const refused = await program.logged('configuration not reloaded')
    expect(String(refused['errors'])).toContain('did you mean revenue_drop?')
    await kafka.produce(topic, windows(70, 80))
    await doneUntil(kafka, topic, startMs + 79 * sizeMs)
    const kinds = async () => {
      const found = await engine.rows<{ anomaly_type: string }>(
        `SELECT DISTINCT anomaly_type FROM realtime.anomalies WHERE pipeline = '${pipeline}'`
      )
      return found.map(({ anomaly_type }) => anomaly_type)
    }
    expect(await kinds()).toEqual([])

    await writeConfig(
      program.configPath,
      config({ checkout_failure: off, cart_abandonment_spike: off, conversion_drop: off })
    )
    program.signal('SIGHUP')
    await program.logged('configuration reloaded')
    await kafka.produce(topic, [...windows(80, 90), ...flushOfShop(stream, 90)])
    await doneUntil(kafka, topic, startMs + 90 * sizeMs)
    expect(await kinds()).toEqual(['revenue_drop'])
    expect(await program.get('/readyz')).toMatchObject({ status: 200 })
  })
})

/** A server that refuses every user, with ClickHouse's words for it. */
async function refusingClickHouse(onTestFinished: OnTestFinished): Promise<string> {
  const server = createServer((request, response) => {
    request.resume()
    response.writeHead(403, { 'X-ClickHouse-Exception-Code': '516' })
    const user = request.headers['x-clickhouse-user'] ?? 'default'
    response.end(
      `Code: 516. DB::Exception: ${user}: Authentication failed: password is incorrect, or there is no user with such ` +
        'name. (AUTHENTICATION_FAILED) (version 25.8.1.1)\n'
    )
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.close()
    server.closeAllConnections()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}
