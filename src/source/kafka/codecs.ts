import { promisify } from 'node:util'
import { gunzip, gzip, zstdCompress, zstdDecompress } from 'node:zlib'
import lz4 from 'lz4js'
import snappy from 'snappyjs'
import { type FetchBytes, readBatchOf } from './batch-guard.ts'

/** A compression codec as KafkaJS calls it. */
export interface Codec {
  compress(encoder: { readonly buffer: Buffer }): Promise<Buffer>
  decompress(compressed: Buffer): Promise<Buffer>
}

/** The part of KafkaJS's default export that codecs are registered on. */
export interface CodecRegistry {
  readonly CompressionTypes: Readonly<Record<'GZIP' | 'Snappy' | 'LZ4' | 'ZSTD', number>>
  readonly CompressionCodecs: object
}

/** Bounds memory: a batch that is longer when decompressed is undecodable. */
export const maxPlainBytes = 64 * 1024 * 1024

/** Kafka has three bits for the codec and does not use these values yet. */
const unknownCodecs = [5, 6, 7]

/**
 * Registers gzip, snappy, lz4 and zstd on KafkaJS, and what its patch (`patches/`) calls to decode a batch: one that cannot be
 * decompressed within the bound is read as undecodable records.
 */
export function registerCodecs({ CompressionCodecs, CompressionTypes }: CodecRegistry): void {
  const table = CompressionCodecs as Record<number, () => Codec> & {
    readBatch?: (fetched: FetchBytes) => ReturnType<typeof readBatchOf>
  }
  const codecs = { GZIP: gzipCodec, Snappy: snappyCodec, LZ4: lz4Codec, ZSTD: zstdCodec }
  for (const [name, create] of Object.entries(codecs)) {
    const codec = create(maxPlainBytes)
    table[CompressionTypes[name as keyof typeof codecs]] = () => codec
  }
  for (const type of unknownCodecs) table[type] = () => unknownCodec(type)
  table.readBatch = fetched =>
    readBatchOf(fetched, async (codec, compressed) => {
      const create = table[codec]
      if (create === undefined) throw new Error(`unknown codec ${codec}`)
      return create().decompress(compressed)
    })
}

const gunzipAsync = promisify(gunzip)
const gzipAsync = promisify(gzip)
const zstdDecompressAsync = promisify(zstdDecompress)
const zstdCompressAsync = promisify(zstdCompress)

export const gzipCodec = (maxBytes: number): Codec => ({
  compress: async ({ buffer }) => gzipAsync(buffer),
  decompress: async compressed => gunzipAsync(compressed, { maxOutputLength: maxBytes })
})

export const zstdCodec = (maxBytes: number): Codec => ({
  compress: async ({ buffer }) => zstdCompressAsync(buffer),
  decompress: async compressed => zstdDecompressAsync(compressed, { maxOutputLength: maxBytes })
})

const xerialMagic = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0x00])
const xerialHeaderBytes = 16

/** Raw snappy, which librdkafka writes, and xerial frames of blocks, which Java writes. */
export const snappyCodec = (maxBytes: number): Codec => ({
  compress: async ({ buffer }) => snappy.compress(buffer),
  async decompress(compressed) {
    if (!compressed.subarray(0, xerialMagic.length).equals(xerialMagic)) {
      return snappy.uncompress(compressed, maxBytes)
    }
    const blocks: Buffer[] = []
    let left = maxBytes
    for (let at = xerialHeaderBytes; at < compressed.length; ) {
      const end = at + 4 + compressed.readUInt32BE(at)
      if (end > compressed.length) throw new Error('a block of the snappy frame is truncated')
      const block = snappy.uncompress(compressed.subarray(at + 4, end), left)
      blocks.push(block)
      left -= block.length
      at = end
    }
    return Buffer.concat(blocks)
  }
})

/** A frame says how long its blocks may be, mostly 4 MB, whatever is in them. */
const lz4RoomBytes = 8 * 1024 * 1024

/** lz4 frames, for reading alone: lz4js writes dependent blocks, which Kafka refuses. */
export function lz4Codec(maxBytes: number): Codec {
  let room = Buffer.alloc(0)
  let written = 0

  /** Into nothing but zeros: a broken frame may refer to what it has not written. */
  function decompressIn(bound: number, compressed: Buffer): Buffer {
    if (room.length < bound) room = Buffer.alloc(bound)
    else room.fill(0, 0, written)
    written = room.length
    written = lz4.decompressFrame(compressed, room)
    return Buffer.from(room.subarray(0, written))
  }

  return {
    async compress() {
      throw new Error('writing lz4 is not supported')
    },
    async decompress(compressed) {
      const bound = lz4.decompressBound(compressed)
      if (bound > maxBytes) throw new Error(`an lz4 frame of up to ${bound} bytes is longer than ${maxBytes}`)
      if (bound <= lz4RoomBytes) return decompressIn(bound, compressed)
      const plain = Buffer.alloc(bound)
      return plain.subarray(0, lz4.decompressFrame(compressed, plain))
    }
  }
}

function unknownCodec(type: number): Codec {
  async function refuse(): Promise<never> {
    throw new Error(`unknown codec ${type}`)
  }
  return { compress: refuse, decompress: refuse }
}
