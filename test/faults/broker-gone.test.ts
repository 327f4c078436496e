import { expect, test } from 'vitest'
import { describeWithOwnBroker, uniqueName, useKafka } from '../support/kafka.ts'
import { useOwnBroker } from '../support/own-broker.ts'
import {
  completeness,
  doneUntil,
  isMostlyLate,
  recountedUntil,
  storedUntil,
  useEngine
} from '../support/pipeline.ts'
import { until } from '../support/until.ts'
import { stalledAfterMs, warmUpWindows, watchedPipeline } from '../support/watched-pipeline.ts'
import { openWindowStream, type ShopOptions } from '../support/window-stream.ts'

const secondMs = 1_000
/** A silence of the shop that lasts so long would close windows; the broker is away for longer. */
const idleMs = 8_000

describeWithOwnBroker('a broker that goes away', () => {
  const broker = useOwnBroker()
  const kafka = useKafka(() => broker.bootstrap)
  const engine = useEngine()

  test('stopped, killed or hung, and back: values are those of the log, windows of that time say nothing, no drop is found, and an outage that lasts is told once', async ({
    onTestFinished
  }) => {
    const topic = await kafka.createTopic({ partitions: 2 })
    const pipeline = uniqueName('gone')
    const startMs = Math.floor(Date.now() / secondMs) * secondMs - warmUpWindows * secondMs
    const shop: ShopOptions = { seed: 1, startMs, sizeMs: secondMs, graceMs: 500, partitions: 2 }
    const startOf = (window: number) => startMs + window * secondMs
    const stream = await openWindowStream({
      bootstrap: broker.bootstrap,
      topic,
      shop,
      past: warmUpWindows,
      everyMs: 700
    })
    onTestFinished(stream.close)
    const watched = await watchedPipeline({
      pipeline,
      topic,
      brokers: broker.bootstrap,
      windows: { idle: `${idleMs}ms` },
      // A broker that is back waits so long for the member that it knew.
      session: '12s',
      engine,
      onTestFinished
    })
    await doneUntil(kafka, topic, startOf(warmUpWindows - 1))

    /** Resolves once what is produced from now on is stored, with how long nothing can have been read until then. */
    async function comesBack(goneAt: number): Promise<number> {
      const next = startOf(stream.windows())
      await until('a window behind the outage', async () => {
        watched.program.mustRun()
        return (await storedUntil(engine.rows, pipeline, next + secondMs)).has(next)
      })
      await until('Kafka to be well', async () => (await watched.ready()).status === 200)
      outages.push({ goneAt, backAt: Date.now() })
      return Date.now() - goneAt
    }

    const outages: { readonly goneAt: number; readonly backAt: number }[] = []
    const isNearOutage = (start: number) =>
      outages.some(
        ({ goneAt, backAt }) => start > goneAt - 10 * secondMs && start < backAt + idleMs + secondMs
      )
    const stoppedAt = Date.now()
    await broker.stop()
    // A stop takes seconds, in which the broker still answers.
    const silentFrom = Date.now()
    expect(await watched.stalled('Kafka')).toMatch(/^Kafka has not answered for [1-9]\d s$/)
    expect((await watched.ready()).status).toBe(503)
    await broker.restart()
    await comesBack(stoppedAt)
    expect(watched.stalls()).toHaveLength(1)

    const killedAt = Date.now()
    await broker.kill('SIGKILL')
    await broker.restart()
    const killedForMs = await comesBack(killedAt)

    const hungAt = Date.now()
    await broker.kill('SIGSTOP')
    await until('what would be a silence', () => Date.now() - hungAt > idleMs + secondMs)
    await broker.kill('SIGCONT')
    const hungForMs = await comesBack(hungAt)
    const endMs = await stream.end()
    await doneUntil(kafka, topic, endMs)

    watched.program.mustRun()
    const recounted = await recountedUntil(kafka, topic, endMs)
    expect(await storedUntil(engine.rows, pipeline, endMs)).toEqual(recounted)
    const complete = await completeness(engine.rows, pipeline)
    const incomplete = new Set(
      [...complete].filter(([start, isComplete]) => start < endMs && !isComplete).map(([start]) => start)
    )
    // What a producer sends again because no answer came is late.
    const mostlyLate = [...recounted].filter(([, window]) => isMostlyLate(window)).map(([start]) => start)
    expect(mostlyLate.filter(start => !incomplete.has(start))).toEqual([])
    // Others are those in which producers may have lost something.
    const others = [...incomplete].filter(start => !mostlyLate.includes(start))
    expect(others.filter(start => !isNearOutage(start))).toEqual([])
    const inStop = Math.ceil(silentFrom / secondMs + 5) * secondMs
    expect(complete.get(inStop)).toBe(false)
    expect(await watched.found()).toEqual(['pipeline_stalled'])
    const lasting = [killedForMs, hungForMs].filter(ms => ms > stalledAfterMs)
    expect(watched.stalls().length - 1).toBeLessThanOrEqual(lasting.length)
  })
})
