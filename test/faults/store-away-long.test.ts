import { expect, test } from 'vitest'
import { describeWithKafka, uniqueName, useKafka } from '../support/kafka.ts'
import { doneUntil, pipelineConfig, recountedUntil, rowsIn, storedUntil } from '../support/pipeline.ts'
import { startProgram, temporaryFolder } from '../support/program.ts'
import { openStoreGate } from '../support/store-gate.ts'
import { until } from '../support/until.ts'

const sizeMs = 1_000
/** Behind a day of them nothing is read; the rest must be more than what one fetch brings. */
const windows = 2_200
const mostWaiting = 1_440
/** So many stay in the log at least: what is read beyond the room is what one fetch brings. */
const unread = 300
/** So much in every record that a fetch, of a megabyte, holds some hundred and thirty windows. */
const padding = 'x'.repeat(8_000)

describeWithKafka('a store that is away for longer than memory has room', () => {
  const kafka = useKafka()

  test('has reading stop, and go on when it is back, with every row once', async ({ onTestFinished }) => {
    const folder = await temporaryFolder(onTestFinished)
    const gate = await openStoreGate(folder)
    onTestFinished(gate.close)
    const topic = await kafka.createTopic()
    const pipeline = uniqueName('away')
    const startMs = Math.floor(Date.now() / sizeMs) * sizeMs - windows * sizeMs
    const records = Array.from({ length: windows }, (_, window) => {
      const timestamp = startMs + window * sizeMs + 700
      const event = { event_type: 'page_view', event_time: timestamp, session_id: `s-${window}`, padding }
      return { partition: 0, timestamp, value: JSON.stringify(event) }
    })
    const endMs = startMs + (windows - 1) * sizeMs
    const config = pipelineConfig({ pipeline, topic, brokers: kafka.bootstrap, store: gate.section })
    await kafka.produce(topic, records.slice(0, 10))
    const program = await startProgram(config, { onTestFinished })
    await doneUntil(kafka, topic, startMs + 9 * sizeMs)

    gate.mood({ kind: 'away' })
    for (let from = 10; from < windows; from += 100)
      await kafka.produce(topic, records.slice(from, from + 100))
    const sample = async (name: string) => (await program.metric(`cartwatch_${name}`)) ?? 0
    // The end of the log is asked for now and then: until then the lag is too small.
    await until('more to wait than there is room for, and much more behind it', async () => {
      program.mustRun()
      return (
        (await sample('store_queue_windows')) > mostWaiting && (await sample('consumer_lag_records')) > unread
      )
    })
    const tries = await sample('store_failures_total')
    await until('another try', async () => (await sample('store_failures_total')) > tries)
    expect(await sample('consumer_lag_records')).toBeGreaterThan(unread)
    expect(await sample('store_queue_windows')).toBeLessThan(windows - unread)
    expect((await program.get('/readyz')).status).toBe(503)

    gate.mood({ kind: 'well' })
    await doneUntil(kafka, topic, endMs)
    const rows = await rowsIn(folder, onTestFinished)
    const counted = await recountedUntil(kafka, topic, endMs)
    expect(counted.size).toBe(windows - 1)
    expect(await storedUntil(rows, pipeline, endMs)).toEqual(counted)
    program.signal('SIGTERM')
    expect(await program.ended).toBe(0)
  })
})
