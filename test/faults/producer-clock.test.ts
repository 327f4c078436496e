import { expect, test } from 'vitest'
import { describeWithKafka, uniqueName, useKafka } from '../support/kafka.ts'
import {
  completeness,
  doneUntil,
  isMostlyLate,
  pipelineConfig,
  recountedUntil,
  storedUntil,
  storedWindows,
  useEngine
} from '../support/pipeline.ts'
import { startProgram } from '../support/program.ts'
import { type StreamedEvent, steadyStream } from '../support/steady-stream.ts'

const hourMs = 3_600_000
const behind = (event: StreamedEvent): StreamedEvent => ({
  ...event,
  eventTime: event.eventTime - 5 * hourMs
})

/** What becomes of an event; `count` says how many there were before it since the fault began. */
const faults: readonly {
  readonly name: string
  readonly change: (event: StreamedEvent, count: number) => readonly StreamedEvent[]
  /** Which windows are incomplete: all, or those that are mostly late, and whether there are such windows. */
  readonly incomplete: 'all' | 'mostly late' | 'none'
}[] = [
  {
    name: 'a producer hours behind, beside others in the same partitions, leaves windows incomplete',
    change: (event, count) => [count % 3 === 0 ? behind(event) : event],
    incomplete: 'mostly late'
  },
  {
    name: 'a producer hours behind, alone in a partition, is late and holds nobody',
    change: event => [event.partition === 1 ? behind(event) : event],
    incomplete: 'mostly late'
  },
  {
    name: 'an event 50 minutes ahead leaves windows incomplete up to its time',
    change: (event, count) => [
      event,
      ...(count === 1
        ? [{ ...event, eventTime: event.eventTime + 3_000_000, recordTime: event.eventTime + 3_000_000 }]
        : [])
    ],
    incomplete: 'all'
  },
  {
    name: 'events that are produced again, a few beside the new ones, change no value of theirs',
    change: (event, count) => [
      event,
      ...(count % 10 === 0 ? [{ ...event, eventTime: event.eventTime - 30_000 }] : [])
    ],
    incomplete: 'none'
  }
]

describeWithKafka.concurrent('the clock of a producer', () => {
  const kafka = useKafka()
  const engine = useEngine()

  test.for(faults)('$name, and alarms nobody', async ({ change, incomplete }, { onTestFinished }) => {
    const topic = await kafka.createTopic({ partitions: 2 })
    const pipeline = uniqueName('producer')
    const stream = await steadyStream({ kafka, topic, partitions: 2, pastMs: 70_000, onTestFinished })
    const config = pipelineConfig({
      pipeline,
      topic,
      brokers: kafka.bootstrap,
      store: engine.section(),
      windows: { idle: '6s' },
      more: { detectors: { baseline: { warm_up: '60s' }, pipeline_stalled: { after: '5m' } } }
    })
    await startProgram(config, { onTestFinished })
    await doneUntil(kafka, topic, (await stream.go(1_000)) - 4_000)
    let count = 0
    const from = await stream.go(0)
    stream.through(event => change(event, count++))
    const doneMs = Math.floor((await stream.go(12_000)) / 1_000) * 1_000 - 5_000
    await doneUntil(kafka, topic, doneMs)

    expect(await storedUntil(engine.rows, pipeline, from - 2_000)).toEqual(
      await recountedUntil(kafka, topic, from - 2_000)
    )
    const told = await engine.rows<{ anomaly_type: string }>(
      `SELECT DISTINCT anomaly_type FROM realtime.anomalies WHERE pipeline = '${pipeline}'`
    )
    expect(told.filter(({ anomaly_type }) => anomaly_type !== 'late_spike')).toEqual([])
    const stored = await storedWindows(engine.rows, pipeline)
    const inFault = [...(await completeness(engine.rows, pipeline))].filter(
      ([start]) => start >= from + 3_000 && start < doneMs
    )
    expect(inFault.length).toBeGreaterThan(1)
    expect(inFault).toEqual(
      inFault.map(([start]) => [start, incomplete !== 'all' && !isMostlyLate(stored.get(start) ?? {})])
    )
    expect(inFault.some(([, isComplete]) => !isComplete)).toBe(incomplete !== 'none')
  })
})
