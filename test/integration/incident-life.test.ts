import { expect, test } from 'vitest'
import { openInbox } from '../../src/demo/inbox/inbox.ts'
import { wallClock } from '../../src/telemetry/clock.ts'
import { describeWithKafka, uniqueName, useKafka } from '../support/kafka.ts'
import { pipelineConfig, useEngine } from '../support/pipeline.ts'
import { runCommand, startProgram } from '../support/program.ts'
import { flushOfShop, type StreamOptions, windowOfShop } from '../support/shop-stream.ts'
import { until } from '../support/until.ts'

const secondMs = 1_000
const outage = { from: 95, to: 112 }

describeWithKafka('an incident', () => {
  const kafka = useKafka()
  const engine = useEngine()

  test('is told, escalated and taken on from the command line, and over, in one Slack message and one page', async ({
    onTestFinished
  }) => {
    const topic = await kafka.createTopic({ partitions: 2 })
    const changes = await kafka.createTopic({ partitions: 1 })
    const pipeline = uniqueName('life')
    const inbox = await openInbox({ clock: wallClock, rate: null })
    onTestFinished(inbox.close)
    const stream: StreamOptions = {
      seed: 7,
      startMs: Math.floor(Date.now() / secondMs) * secondMs,
      sizeMs: secondMs,
      graceMs: 500,
      partitions: 2,
      sessions: 12,
      outage
    }
    const produce = (from: number, to: number) =>
      kafka.produce(
        topic,
        Array.from({ length: to - from }, (_, index) => windowOfShop(stream, from + index)).flat()
      )
    await produce(0, outage.from)
    const kind = 'checkout_failure'
    const program = await startProgram(
      pipelineConfig({
        pipeline,
        topic,
        brokers: kafka.bootstrap,
        store: engine.section(),
        more: {
          changes: { topics: [changes] },
          detectors: { baseline: { warm_up: '60s' } },
          receivers: {
            slack: {
              type: 'slack',
              bot_token: inbox.slackBotToken,
              channel: '#alerts',
              api_url: inbox.slackApiUrl
            },
            leads: {
              type: 'slack',
              bot_token: inbox.slackBotToken,
              channel: '#leads',
              api_url: inbox.slackApiUrl
            },
            pagerduty: { type: 'pagerduty', integration_key: inbox.pagerdutyKey, url: inbox.pagerdutyUrl }
          },
          routes: [
            { match: { kind }, receiver: 'slack', continue: true },
            { match: { kind }, receiver: 'pagerduty', escalate: 'urgent' },
            { default: 'none' }
          ],
          escalations: { urgent: [{ after: '1h', receivers: 'leads', mention: 'U012AB3CD' }] }
        }
      }),
      { onTestFinished }
    )
    const { configPath } = program
    const cartwatch = async (...args: string[]) => {
      const { code, out, errors } = await runCommand([...args, '--config', configPath])
      expect(code, errors).toBe(0)
      return out
    }
    await until('windows to be stored', async () => {
      const rows = await engine.rows(
        `SELECT 1 FROM realtime.window_metrics WHERE pipeline = '${pipeline}' LIMIT 1`
      )
      return rows.length > 0
    })
    await until('the band of revenue on the page of metrics', async () => {
      const expected = await program.metric('cartwatch_metric_expected', { metric: 'revenue' })
      return expected !== undefined
    })
    const { address } = await program.logged('operations port')
    const deploy = {
      what: 'checkout 4.2',
      kind: 'deploy',
      by: 'ci',
      at: new Date(stream.startMs).toISOString()
    }
    const told = await fetch(`${address}/api/changes`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(deploy)
    })
    expect(told.status).toBe(201)
    const mailing = { what: 'spring mailing', kind: 'campaign', by: 'bo', at: deploy.at }
    await kafka.produce(changes, [{ partition: 0, value: JSON.stringify(mailing) }])
    await until('the mailing to be stored', async () => {
      const rows = await engine.rows(
        `SELECT 1 FROM realtime.changes WHERE pipeline = '${pipeline}' AND via = 'topic'`
      )
      return rows.length > 0
    })
    await produce(outage.from, outage.to)
    await until('the page', () => inbox.pages().some(({ status }) => status === 'open'))
    await until('the Slack message', () => inbox.posts().length > 0)
    const [incident] = await until('the incident', async () => {
      const rows = await engine.rows<{ id: string }>(
        `SELECT id FROM realtime.incidents FINAL WHERE pipeline = '${pipeline}' AND kind = '${kind}'`
      )
      return rows.length > 0 && rows
    })

    const id = incident?.id.slice(0, 12) ?? ''
    expect(await cartwatch('explain', id)).toMatch(/level 1 of 1 of the escalation urgent at .*: leads/)
    expect(await cartwatch('escalate', id, '--by', 'eve')).toContain('to level 1 of 1')
    const ofLeads = () => inbox.posts().filter(({ body }) => JSON.stringify(body).includes('by eve'))
    await until('the leads to be told', () => ofLeads().length > 0)
    expect(JSON.stringify(ofLeads()[0]?.body)).toContain('<@U012AB3CD>')

    expect(await cartwatch('ack', id, '--by', 'ada')).toContain('ada')
    await until('the page to be taken on', () =>
      inbox.pages().some(({ status }) => status === 'acknowledged')
    )
    const roots = () => inbox.posts().filter(({ threadTs }) => threadTs === null)
    const root = () => JSON.stringify(roots()[0]?.body)
    await until('Slack to say so', () => root().includes('ada'))
    expect(root()).toMatch(/checkout 4\.2 deployed \d\d:\d\d, [12] minutes? before/)
    expect(root()).toMatch(/spring mailing began \d\d:\d\d, [12] minutes? before/)

    await produce(outage.to, outage.to + 40)
    await kafka.produce(topic, flushOfShop(stream, outage.to + 40))
    await until('its end', () => inbox.pages().every(({ status }) => status === 'resolved'))
    await until('Slack to say so', () =>
      roots().every(({ body }) => JSON.stringify(body).includes('Resolved'))
    )
    // One in each channel.
    expect(roots()).toHaveLength(2)
    expect(inbox.pages().map(({ opened }) => opened)).toEqual(inbox.pages().map(() => 1))
    expect(inbox.messages.filter(({ accepted }) => !accepted)).toEqual([])

    const explained = await cartwatch('explain', incident?.id ?? '')
    for (const part of ['ada', 'eve', 'leads', 'pagerduty', 'slack', 'resolved'])
      expect(explained).toContain(part)
  })
})
