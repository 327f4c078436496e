import { createGunzip, createZstdDecompress } from 'node:zlib'
import { SourceError } from './error.ts'
import { inflated } from './inflated.ts'

/** What a file begins with, whatever its name is: formats that are read, and those whose name helps a person. */
const magics = [
  { bytes: [0x1f, 0x8b], kind: 'gzip' },
  { bytes: [0x28, 0xb5, 0x2f, 0xfd], kind: 'zstd' },
  { bytes: [0xff, 0xfe], kind: 'utf-16le' },
  { bytes: [0xfe, 0xff], kind: 'utf-16be' },
  // Without the mark: a brace or a bracket, and the half of it that ASCII leaves empty.
  { bytes: [0x7b, 0x00], kind: 'utf-16le' },
  { bytes: [0x5b, 0x00], kind: 'utf-16le' },
  { bytes: [0x42, 0x5a, 0x68], kind: 'bzip2' },
  { bytes: [0xfd, 0x37, 0x7a, 0x58, 0x5a], kind: 'xz' },
  { bytes: [0x50, 0x4b, 0x03, 0x04], kind: 'a zip archive' },
  { bytes: [0x50, 0x41, 0x52, 0x31], kind: 'Parquet' },
  { bytes: [0x4f, 0x62, 0x6a, 0x01], kind: 'an Avro container' },
  { bytes: [0x4f, 0x52, 0x43], kind: 'ORC' }
] as const
type Kind = (typeof magics)[number]['kind']

const longestMagic = Math.max(...magics.map(({ bytes }) => bytes.length))

/** The bytes of a file as UTF-8: decompressed, and decoded where it begins with the mark of UTF-16. */
export async function plainBytes(chunks: AsyncIterable<Buffer>): Promise<AsyncIterable<Buffer>> {
  const { head, all } = await peek(chunks, longestMagic)
  const kind = kindOf(head)
  switch (kind) {
    case undefined:
      return all
    case 'gzip':
      return plainBytes(inflated(all, createGunzip()))
    case 'zstd':
      return plainBytes(inflated(all, createZstdDecompress()))
    case 'utf-16le':
    case 'utf-16be':
      return decoded(all, kind)
    case 'bzip2':
    case 'xz':
    case 'a zip archive':
    case 'Parquet':
    case 'an Avro container':
    case 'ORC':
      throw new SourceError('FILE', `is ${kind}: ${readable}`, { retryable: false })
    default:
      return kind satisfies never
  }
}

const readable = 'give NDJSON, JSON or CSV, which may be compressed with gzip or zstd'

const kindOf = (head: Buffer): Kind | undefined =>
  magics.find(({ bytes }) => bytes.every((byte, at) => head[at] === byte))?.kind

/**
 * The first bytes, at least `count` where there are so many, and all bytes with them. A fault among them is the reader's
 * only after what came before it.
 */
export async function peek(
  chunks: AsyncIterable<Buffer>,
  count: number
): Promise<{ readonly head: Buffer; readonly all: AsyncIterable<Buffer> }> {
  const iterator = chunks[Symbol.asyncIterator]()
  const parts: Buffer[] = []
  let bytes = 0
  let fault: { readonly error: unknown } | undefined
  try {
    while (bytes < count) {
      const next = await iterator.next()
      if (next.done) break
      parts.push(next.value)
      bytes += next.value.length
    }
  } catch (error) {
    fault = { error }
  }
  const head = Buffer.concat(parts)
  const all = (async function* () {
    yield head
    if (fault !== undefined) throw fault.error
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value
  })()
  return { head, all }
}

async function* decoded(chunks: AsyncIterable<Buffer>, encoding: string): AsyncGenerator<Buffer> {
  const decoder = new TextDecoder(encoding)
  for await (const chunk of chunks) yield Buffer.from(decoder.decode(chunk, { stream: true }))
  yield Buffer.from(decoder.decode())
}
