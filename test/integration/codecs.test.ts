import kafkajs from 'kafkajs'
import { describe, expect, inject, test } from 'vitest'
import { type Codec, registerCodecs } from '../../src/source/kafka/codecs.ts'
import { undecodableHeader } from '../../src/source/record.ts'
import { describeWithKafka, useKafka } from '../support/kafka.ts'
import { runKafkaTool } from '../support/kafka-tools.ts'

registerCodecs(kafkajs)
const codecs = kafkajs.CompressionCodecs as Record<number, () => Codec>
const { GZIP, Snappy, LZ4, ZSTD } = kafkajs.CompressionTypes

/** The registered codec, which counts what it decompresses. */
function counted(type: number): { batches: number } {
  const count = { batches: 0 }
  const codec = codecs[type]?.() as Codec
  codecs[type] = () => ({
    ...codec,
    async decompress(compressed) {
      count.batches += 1
      return codec.decompress(compressed)
    }
  })
  return count
}

const lines = Array.from({ length: 2_000 }, (_, i) =>
  JSON.stringify({ event_id: `e${i}`, category: 'shoes' })
)

describeWithKafka('records of KafkaJS', () => {
  const kafka = useKafka()

  test.each([
    ['gzip', GZIP],
    ['snappy', Snappy],
    ['zstd', ZSTD]
  ])('in %s are taken by Kafka and read back', async (_, compression) => {
    const topic = await kafka.createTopic()
    await kafka.produce(
      topic,
      lines.map(value => ({ value })),
      compression
    )
    expect((await kafka.readToEnd(topic)).map(({ value }) => value)).toEqual(lines)
  })

  test('of a batch that cannot be decompressed are marked, and those after it are read', async () => {
    const topic = await kafka.createTopic()
    await kafka.produce(topic, [{ value: 'a' }, { value: 'b' }], ZSTD)
    await kafka.produce(topic, [{ value: 'behind' }])
    const zstd = codecs[ZSTD] as () => Codec
    codecs[ZSTD] = () => ({
      ...zstd(),
      decompress: compressed => zstd().decompress(compressed.subarray(1))
    })
    const records = await kafka.readToEnd(topic)
    codecs[ZSTD] = zstd
    expect(records.map(({ offset, value }) => [offset, value])).toEqual([
      [0, null],
      [1, null],
      [2, 'behind']
    ])
    expect(records.map(({ headers }) => Object.keys(headers))).toEqual([
      [undecodableHeader],
      [undecodableHeader],
      []
    ])
  })
})

describeWithKafka("records of Kafka's own producer", () => {
  const kafka = useKafka()

  describe.skipIf(!inject('ownBrokers'))('written in Java', () => {
    test.each([
      ['gzip', GZIP],
      ['snappy', Snappy],
      ['lz4', LZ4],
      ['zstd', ZSTD]
    ])('in %s are read', async (name, type) => {
      const topic = await kafka.createTopic()
      const address = ['--bootstrap-server', kafka.bootstrap, '--topic', topic]
      const tool = 'org.apache.kafka.tools.ConsoleProducer'
      await runKafkaTool(
        tool,
        [...address, '--compression-codec', name, '--batch-size', '100000'],
        lines.join('\n')
      )
      const decompressed = counted(type)
      expect((await kafka.readToEnd(topic)).map(({ value }) => value)).toEqual(lines)
      expect(decompressed.batches).toBeGreaterThan(0)
    })
  })
})
