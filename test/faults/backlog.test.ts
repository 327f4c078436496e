import { expect, test } from 'vitest'
import { eventsOf } from '../../producer/events.ts'
import { defaultShop } from '../../producer/shop.ts'
import { openInbox } from '../../src/demo/inbox/inbox.ts'
import { wallClock } from '../../src/telemetry/clock.ts'
import { describeWithKafka, type RawRecord, uniqueName, useKafka } from '../support/kafka.ts'
import {
  defaultDimensions,
  doneUntil,
  pipelineConfig,
  recountedUntil,
  storedUntil,
  useEngine
} from '../support/pipeline.ts'
import { startProgram } from '../support/program.ts'
import { flushOfShop } from '../support/shop-stream.ts'
import { until } from '../support/until.ts'

const minuteMs = 60_000
const partitions = 12
const sizeMs = minuteMs
const graceMs = 10_000
/** What fits into Kafka's batches, one for each partition. */
const batchRecords = 20_000

/** Some 100,000 events: an hour before the stop and two and a half behind it, of which the second begins with an outage. */
function shopOfDay() {
  const endMs = Math.floor(Date.now() / minuteMs) * minuteMs
  const startMs = endMs - 210 * minuteMs
  const stopMs = startMs + 60 * minuteMs
  const outageMs = stopMs + 60 * minuteMs
  const timezoneOffsetMinutes = 10 * 60 - (Math.floor(startMs / minuteMs) % 1_440)
  const plan = {
    seed: 1,
    shop: { ...defaultShop, ordersPerMinute: 8, timezoneOffsetMinutes },
    startMs,
    endMs,
    incidents: [
      { kind: 'payment_outage' as const, startMs: outageMs, endMs: outageMs + 25 * minuteMs, depth: 1 }
    ]
  }
  // Without a time of their own: the last record before the stop is then no sign of hours of silence behind it.
  const before: RawRecord[] = []
  const behind: RawRecord[] = []
  for (const { sessionId, line, eventTime } of eventsOf(plan))
    (eventTime < stopMs ? before : behind).push({ key: sessionId, value: line })
  return { stopMs, endMs, before, behind }
}

describeWithKafka('a backlog', () => {
  const kafka = useKafka()
  const engine = useEngine()

  test('of hours is caught up with as a member that stays, to the same values, and told as one summary', async ({
    onTestFinished
  }) => {
    const { stopMs, endMs, before, behind } = shopOfDay()
    const topic = await kafka.createTopic({ partitions })
    const pipeline = uniqueName('backlog')
    const inbox = await openInbox({ clock: wallClock, rate: null })
    onTestFinished(inbox.close)
    const config = pipelineConfig({
      pipeline,
      topic,
      brokers: kafka.bootstrap,
      store: engine.section(),
      windows: { size: '1m', grace: '10s' },
      more: {
        currency: 'USD',
        receivers: { slack: { type: 'slack', webhook_url: inbox.slackUrl('slack') } },
        routes: [{ default: 'slack' }]
      }
    })
    const produce = async (records: readonly RawRecord[]) => {
      for (let from = 0; from < records.length; from += batchRecords)
        await kafka.produce(topic, records.slice(from, from + batchRecords))
    }
    await produce(before)
    const first = await startProgram(config, { onTestFinished })
    await doneUntil(kafka, topic, stopMs - 2 * sizeMs)
    first.signal('SIGTERM')
    expect(await first.ended).toBe(0)
    expect(inbox.messages).toEqual([])

    await produce(behind)
    await kafka.produce(topic, flushOfShop({ seed: 1, startMs: endMs, sizeMs, graceMs, partitions }, 0))
    const second = await startProgram(config, { onTestFinished })
    await second.logged('active')
    const memberOf = async () => (await kafka.admin.describeGroups([topic])).groups[0]?.members[0]?.memberId
    const member = await memberOf()
    await doneUntil(kafka, topic, endMs)
    await until('a summary', () => inbox.messages.length > 0)
    second.signal('SIGTERM')
    expect(await memberOf()).toBe(member)
    expect(await second.ended).toBe(0)
    expect(second.log.filter(({ msg }) => msg === 'active')).toHaveLength(1)

    const recountOptions = { currency: 'USD', sizeMs, graceMs, dimensions: defaultDimensions }
    expect(await storedUntil(engine.rows, pipeline, endMs)).toEqual(
      await recountedUntil(kafka, topic, endMs, recountOptions)
    )
    const texts = inbox.messages.map(({ body }) => (body as { readonly text: string }).text)
    expect(texts).toEqual([expect.stringMatching(/^🗂️ Caught up: [1-9]\d* incidents? found late$/u)])
    expect(JSON.stringify(inbox.messages[0]?.body)).toContain('Checkout failure')
  })
})
