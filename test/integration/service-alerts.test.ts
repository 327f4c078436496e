import { expect, test } from 'vitest'
import { openInbox } from '../../src/demo/inbox/inbox.ts'
import { wallClock } from '../../src/telemetry/clock.ts'
import { describeWithKafka, uniqueName, useKafka } from '../support/kafka.ts'
import { pipelineConfig, useEngine } from '../support/pipeline.ts'
import { type OnTestFinished, type Program, startProgram } from '../support/program.ts'
import { tries } from '../support/tries.ts'
import { until } from '../support/until.ts'

const token = 'planted-intake-token-16'
const senders = 20
const alertsOfSender = tries(25)

interface Answer {
  readonly status: string
  readonly incident: string
}

describeWithKafka('alerts of other services', () => {
  const kafka = useKafka()
  const engine = useEngine()

  /** An instance that tells a local Slack of what services raise, started anew as often as is wanted. */
  async function instance(onTestFinished: OnTestFinished, intake: object = {}) {
    const topic = await kafka.createTopic({ partitions: 1 })
    const pipeline = uniqueName('intake')
    const inbox = await openInbox({ clock: wallClock, rate: null })
    onTestFinished(inbox.close)
    const config = pipelineConfig({
      pipeline,
      topic,
      brokers: kafka.bootstrap,
      store: engine.section(),
      session: '6s',
      more: {
        http: { port: 0, intake_token: token },
        intake,
        alerting: { rate: { per_second: 100, burst: 1_000 }, rate_per_key: 10_000 },
        receivers: { slack: { type: 'slack', webhook_url: inbox.slackUrl('slack'), send_resolved: true } },
        routes: [{ default: 'slack' }]
      }
    })
    const start = async (): Promise<{ program: Program; address: string }> => {
      const program = await startProgram(config, { onTestFinished })
      const line = await program.logged('operations port')
      return { program, address: String(line['address']) }
    }
    return { pipeline, inbox, start }
  }

  async function send(address: string, body: unknown, path = '/api/alerts') {
    const response = await fetch(`${address}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body)
    })
    return { status: response.status, body: (await response.json()) as Answer }
  }

  const drift = (model: string, more: object = {}) => ({
    kind: 'drift',
    model_id: model,
    metric: 'psi',
    current_value: 0.31,
    baseline_value: 0.1,
    severity: 'critical',
    ...more
  })

  test('are told as they are raised, and their end', async ({ onTestFinished }) => {
    const { pipeline, inbox, start } = await instance(onTestFinished)
    const { address } = await start()
    const raised = await send(address, drift('ranker'))
    expect(raised).toEqual({ status: 202, body: { status: 'accepted', incident: expect.any(String) } })
    const headers = () => inbox.messages.map(({ body }) => JSON.stringify(body))
    await until('the message', () => headers().some(text => text.includes('Drift Alert - CRITICAL')))
    const stored = () =>
      engine.rows<{ id: string; status: string }>(
        `SELECT id, status FROM realtime.incidents FINAL WHERE pipeline = '${pipeline}'`
      )
    await until('the incident', async () => (await stored()).length > 0)
    expect(await stored()).toEqual([{ id: raised.body.incident, status: 'open' }])
    expect((await send(address, drift('ranker', { status: 'resolved' }))).body).toEqual(raised.body)
    await until('its end', () => headers().some(text => text.includes('Resolved: Drift')))
    await until('the end of the incident', async () => (await stored())[0]?.status === 'resolved')
  })

  test('are each an incident once they are accepted, whoever is killed meanwhile', async ({
    onTestFinished
  }) => {
    const { pipeline, inbox, start } = await instance(onTestFinished)
    let running = await start()
    let accepted = 0
    const incidents = new Set<string>()
    /** Sends until it is accepted, as a service would: with the same key. */
    async function sendAll(sender: number): Promise<void> {
      for (let index = 0; index < alertsOfSender; index++) {
        const alert = drift(`model-${sender}-${index}`, { idempotency_key: `${sender} ${index}` })
        const answer = await until('an answer', () => send(running.address, alert).catch(() => undefined))
        if (answer.status !== 202) {
          index--
          continue
        }
        accepted += 1
        incidents.add(answer.body.incident)
      }
    }
    const sending = Promise.all(Array.from({ length: senders }, (_, sender) => sendAll(sender)))
    for (const share of [0.25, 0.6]) {
      await until('some to be accepted', () => accepted >= share * senders * alertsOfSender)
      running.program.kill()
      await running.program.ended
      running = await start()
    }
    await sending
    const count = senders * alertsOfSender
    expect([accepted, incidents.size]).toEqual([count, count])
    const stored = async () => {
      const rows = await engine.rows<{ id: string }>(
        `SELECT id FROM realtime.incidents FINAL WHERE pipeline = '${pipeline}' AND kind = 'drift'`
      )
      return rows.map(({ id }) => id)
    }
    await until('all incidents', async () => (await stored()).length >= count)
    expect(new Set(await stored())).toEqual(incidents)
    // A message may come twice where the process died before it was recorded.
    const told = () =>
      new Set(inbox.messages.flatMap(({ body }) => JSON.stringify(body).match(/model-\d+-\d+/g) ?? []))
    await until('a message of each', () => told().size === count)
  })

  test('are read from Kafka, each once; what is none is a dead letter', async ({ onTestFinished }) => {
    const alerts = await kafka.createTopic({ partitions: 2 })
    const { pipeline, inbox, start } = await instance(onTestFinished, { topics: [alerts] })
    const { program } = await start()
    const record = (model: string) => ({ value: JSON.stringify(drift(model)) })
    await kafka.produce(alerts, [
      record('one'),
      { value: '{' },
      { value: JSON.stringify({ ...drift('two'), model_id: 'a b' }) },
      { value: null },
      record('two')
    ])
    const stored = () =>
      engine.rows<{ segment: string }>(
        `SELECT segment FROM realtime.incidents FINAL WHERE pipeline = '${pipeline}' AND kind = 'drift' ORDER BY segment`
      )
    const both = [{ segment: 'model=one × metric=psi' }, { segment: 'model=two × metric=psi' }]
    await until('both incidents', async () => (await stored()).length === 2)
    expect(await stored()).toEqual(both)
    const dead = await until('the dead letters', async () => {
      const letters = await kafka.readToEnd(`${alerts}.dlq`)
      return letters.length >= 2 && letters
    })
    expect(dead.map(({ headers }) => String(headers?.['reason'])).toSorted()).toEqual([
      'invalid_alert',
      'invalid_json'
    ])

    await until('what was sent to be recorded', async () => {
      const sent = await engine.rows(
        `SELECT id FROM realtime.notifications FINAL WHERE pipeline = '${pipeline}' AND outcome = 'sent'`
      )
      return sent.length === 2
    })
    program.kill()
    await program.ended
    await start()
    await kafka.produce(alerts, [record('three')])
    await until('the third', async () => (await stored()).length === 3)
    const accepted = await engine.rows<{ count: number }>(
      `SELECT count() AS count FROM realtime.service_alerts FINAL WHERE pipeline = '${pipeline}'`
    )
    expect(Number(accepted[0]?.count)).toBe(3)
    await until('its message', () => inbox.messages.length >= 3)
    expect(inbox.messages).toHaveLength(3)
  })
})
