import { gzipSync, zstdCompressSync } from 'node:zlib'
import snappy from 'snappyjs'
import { describe, expect, test } from 'vitest'
import {
  type Codec,
  gzipCodec,
  lz4Codec,
  maxPlainBytes,
  registerCodecs,
  snappyCodec,
  zstdCodec
} from '../../../../src/source/kafka/codecs.ts'

const plain = Buffer.from('{"event_type":"page_view"}\n'.repeat(5_000))
const zeros = Buffer.alloc(1_000_000)

function xerial(blocks: readonly Buffer[]): Buffer {
  const header = Buffer.from('82534e41505059000000000100000001', 'hex')
  const framed = blocks.flatMap(block => {
    const compressed = snappy.compress(block)
    const length = Buffer.alloc(4)
    length.writeUInt32BE(compressed.length)
    return [length, compressed]
  })
  return Buffer.concat([header, ...framed])
}

// The word `cart` as an uncompressed block, without a content checksum but with its size.
const lz4Cart = Buffer.from('04224d186040820400008063617274000000006fae9bf6', 'hex')

describe('a codec', () => {
  test.each<[string, (maxBytes: number) => Codec]>([
    ['gzip', gzipCodec],
    ['snappy', snappyCodec],
    ['zstd', zstdCodec]
  ])('of %s gives back what it compressed', async (_, create) => {
    const codec = create(maxPlainBytes)
    expect(await codec.decompress(await codec.compress({ buffer: plain }))).toEqual(plain)
  })

  test.each<[string, Codec, Buffer]>([
    ['gzip', gzipCodec(zeros.length - 1), gzipSync(zeros)],
    ['zstd', zstdCodec(zeros.length - 1), zstdCompressSync(zeros)],
    ['raw snappy', snappyCodec(zeros.length - 1), snappy.compress(zeros)],
    ['framed snappy', snappyCodec(2 * zeros.length - 1), xerial([zeros, zeros])],
    ['lz4', lz4Codec(3), lz4Cart]
  ])('refuses %s that is longer than its bound', async (_, codec, compressed) => {
    await expect(codec.decompress(compressed)).rejects.toThrow()
  })

  test('of snappy joins the blocks of a xerial frame', async () => {
    const framed = xerial([plain.subarray(0, 32_768), plain.subarray(32_768)])
    expect(await snappyCodec(plain.length).decompress(framed)).toEqual(plain)
  })

  test('of snappy refuses a xerial frame that is truncated', async () => {
    const framed = xerial([plain])
    await expect(snappyCodec(maxPlainBytes).decompress(framed.subarray(0, -1))).rejects.toThrow('truncated')
  })

  test('of lz4 shows a frame nothing of the one before, though it refers to what it has not written', async () => {
    const codec = lz4Codec(maxPlainBytes)
    const strange = Buffer.from('04224d1860408206000000106100001062' + '00000000', 'hex')
    for (let time = 0; time < 2; time++) {
      expect(String(await codec.decompress(lz4Cart))).toBe('cart')
      expect(String(await codec.decompress(strange))).toBe('a\0\0\0\0b')
    }
  })

  test('of lz4 reads a frame with an uncompressed block', async () => {
    expect(String(await lz4Codec(maxPlainBytes).decompress(lz4Cart))).toBe('cart')
  })
})

describe('registered codecs', () => {
  const types = { GZIP: 1, Snappy: 2, LZ4: 3, ZSTD: 4 }

  const registered = () => {
    const table: Record<number, () => Codec> = {}
    registerCodecs({ CompressionCodecs: table, CompressionTypes: types })
    return table
  }

  test('cover every type that Kafka has or may get', () => {
    expect(Object.keys(registered())).toEqual(['1', '2', '3', '4', '5', '6', '7', 'readBatch'])
  })

  test.each([5, 6, 7])('refuse type %i, which is unknown', async type => {
    await expect(registered()[type]?.().decompress(plain)).rejects.toThrow(`unknown codec ${type}`)
  })
})
