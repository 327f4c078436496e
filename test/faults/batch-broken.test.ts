import { readFile, writeFile } from 'node:fs/promises'
import kafkajs, { type CompressionTypes } from 'kafkajs'
import { expect, test } from 'vitest'
import { batchLayout as layout } from '../../src/source/kafka/batch-layout.ts'
import { crc32c } from '../../src/source/kafka/crc32c.ts'
import { describeWithOwnBroker, type RawRecord, uniqueName, useKafka } from '../support/kafka.ts'
import { useOwnBroker } from '../support/own-broker.ts'
import { doneUntil, pipelineRecount, storedUntil, useEngine } from '../support/pipeline.ts'
import { type LogRecord, recount } from '../support/recount.ts'
import { flushOfShop, type StreamOptions, windowOfShop } from '../support/shop-stream.ts'
import { watchedPipeline } from '../support/watched-pipeline.ts'

const secondMs = 1_000
const windows = 6
/** The batch of this window is broken on the disk. */
const brokenWindow = 3

type Break = (batch: Buffer) => void

const { GZIP, None } = kafkajs.CompressionTypes

/** The batch is what it says it is, but for what was done to it. */
const sealed = (batch: Buffer) => batch.writeUInt32BE(crc32c(batch, layout.attributes), layout.crc)

const breaks: Readonly<Record<string, readonly [Break, CompressionTypes?]>> = {
  value: [batch => batch.write('}', batch.indexOf('{"event_type"'))],
  'length of a record': [batch => batch.fill(0xff, layout.count + 4, layout.count + 8)],
  'number of records': [batch => batch.writeInt32BE(0x7fffffff, layout.count)],
  'number of records, none': [batch => batch.writeInt32BE(0, layout.count)],
  'last offset': [batch => batch.writeInt32BE(0x00ffffff, layout.lastOffsetDelta)],
  'compressed payload': [batch => batch.fill(0x55, layout.count + 24, layout.count + 40), GZIP],
  'codec, unknown': [
    batch => {
      batch.writeInt16BE(5, layout.attributes)
      sealed(batch)
    }
  ],
  'records, with their checksum': [
    batch => {
      batch.fill(0xff, layout.count + 4)
      sealed(batch)
    }
  ]
}

describeWithOwnBroker('batches that are broken on the disk of a broker', () => {
  const broker = useOwnBroker()
  const kafka = useKafka(() => broker.bootstrap)
  const engine = useEngine()

  /** Gives the batch that begins with an offset to a function, and writes what that leaves. */
  async function edit(topic: string, firstOffset: number, change: Break): Promise<void> {
    const path = broker.logFile(topic, 0)
    const file = await readFile(path)
    let at = 0
    while (Number(file.readBigInt64BE(at)) !== firstOffset)
      at += layout.lengthEnd + file.readInt32BE(at + layout.length)
    change(file.subarray(at, at + layout.lengthEnd + file.readInt32BE(at + layout.length)))
    await writeFile(path, file)
  }

  test('become dead letters, as many as they held, and all behind them is counted', async ({
    onTestFinished
  }) => {
    const startMs = Math.floor(Date.now() / secondMs) * secondMs - 300_000
    const group = uniqueName('broken')
    const logs = new Map<string, LogRecord[]>()
    const broken: { topic: string; firstOffset: number; count: number; change: Break }[] = []
    for (const [index, [change, compression = None]] of Object.values(breaks).entries()) {
      const topic = await kafka.createTopic()
      const stream: StreamOptions = { seed: index, startMs, sizeMs: secondMs, graceMs: 500, partitions: 1 }
      const batches: RawRecord[][] = Array.from({ length: windows }, (_, window) =>
        windowOfShop(stream, window)
      )
      batches.push(flushOfShop(stream, windows))
      const log: LogRecord[] = []
      for (const [window, batch] of batches.entries()) {
        await kafka.produce(topic, batch, compression)
        const isBroken = window === brokenWindow
        if (isBroken) broken.push({ topic, firstOffset: log.length, count: batch.length, change })
        for (const { value, timestamp = 0 } of batch) {
          const record = { offset: log.length, recordTime: timestamp }
          log.push(isBroken ? { ...record, dead: true } : { ...record, value })
        }
      }
      logs.set(`${topic}/0`, log)
    }
    await broker.stop()
    for (const { topic, firstOffset, change } of broken) await edit(topic, firstOffset, change)
    await broker.restart()

    const topics = broken.map(({ topic }) => topic)
    const watched = await watchedPipeline({
      pipeline: group,
      topic: group,
      brokers: broker.bootstrap,
      kafka: { topics, group },
      engine,
      onTestFinished
    })
    const endMs = startMs + windows * secondMs
    for (const topic of topics) await doneUntil(kafka, topic, endMs, { group })
    expect(await storedUntil(engine.rows, group, endMs)).toEqual(
      new Map([...recount(logs, pipelineRecount)].filter(([start]) => start < endMs))
    )
    for (const [index, { topic, firstOffset, count }] of broken.entries()) {
      const kept = await kafka.readToEnd(`${topic}.dlq`)
      const offsets = kept
        .filter(({ headers }) => headers['reason'] === 'undecodable_batch')
        .map(({ headers }) => Number(headers['offset']))
      expect([Object.keys(breaks)[index], offsets.sort((a, b) => a - b)]).toEqual([
        Object.keys(breaks)[index],
        Array.from({ length: count }, (_, at) => firstOffset + at)
      ])
    }
    expect(
      await watched.program.metric('cartwatch_dead_letters_total', { reason: 'undecodable_batch' })
    ).toBe(broken.reduce((sum, { count }) => sum + count, 0))
    expect(await watched.ready()).toMatchObject({ status: 200 })
  })
})
