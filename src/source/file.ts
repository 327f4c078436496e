import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { pipeline, Readable } from 'node:stream'
import { setImmediate as turn } from 'node:timers/promises'
import { createGunzip } from 'node:zlib'
import { messageOf } from '../telemetry/message.ts'
import { SourceError } from './error.ts'

/** Bounds memory: a longer line is cut to this length, which makes it a dead letter. */
const maxLineBytes = 8 * 1024 * 1024
const newline = 0x0a

export interface FileProgress {
  readonly bytesRead: number
  /** Undefined for standard input. */
  readonly bytesTotal: number | undefined
}

export interface FileSource {
  /**
   * Hands in each line in order, in slices, waiting for `ready` after each; the number of the first line is 1. A
   * rejection of `ready` ends the reading.
   */
  read(take: (line: Buffer, lineNumber: number) => void, ready?: () => Promise<void>): Promise<void>
  progress(): FileProgress
}

/** Reads NDJSON, gzipped if its first bytes say so; `-` is standard input. */
export async function openFile(path: string, stdin: Readable): Promise<FileSource> {
  let bytesRead = 0
  const bytesTotal = path === '-' ? undefined : await sizeOf(path)
  const raw = path === '-' ? stdin : createReadStream(path, { highWaterMark: 1 << 20 })

  async function read(
    take: (line: Buffer, lineNumber: number) => void,
    ready: () => Promise<void> = turn
  ): Promise<void> {
    let lineNumber = 0
    try {
      for await (const lines of linesOf(await decompressed(counted(raw)))) {
        for (const line of lines) {
          lineNumber++
          if (!isBlank(line)) take(line, lineNumber)
        }
        await ready()
      }
    } catch (cause) {
      const message = `${path}: after line ${lineNumber}: ${messageOf(cause)}`
      throw new SourceError('FILE', message, { retryable: false, cause })
    }
  }

  async function* counted(stream: Readable): AsyncGenerator<Buffer> {
    for await (const chunk of stream) {
      bytesRead += (chunk as Buffer).length
      yield chunk as Buffer
    }
  }

  return { read, progress: () => ({ bytesRead, bytesTotal }) }
}

async function sizeOf(path: string): Promise<number> {
  const found = await stat(path).catch((cause: NodeJS.ErrnoException) => {
    const reason = cause.code === 'ENOENT' ? 'no such file' : cause.message
    throw new SourceError('FILE', `${path}: ${reason}`, { retryable: false, cause })
  })
  if (found.isDirectory())
    throw new SourceError('FILE', `${path} is a folder: give a file of NDJSON`, { retryable: false })
  return found.size
}

/** A gzip stream begins with 1f 8b, whatever its file's name is. */
async function decompressed(chunks: AsyncGenerator<Buffer>): Promise<AsyncIterable<Buffer>> {
  let head = Buffer.alloc(0)
  while (head.length < 2) {
    const next = await chunks.next()
    if (next.done) break
    head = Buffer.concat([head, next.value])
  }
  const all = (async function* () {
    yield head
    yield* chunks
  })()
  if (head[0] !== 0x1f || head[1] !== 0x8b) return all
  // An error of the pipeline reaches the reader of its last stream.
  return pipeline(Readable.from(all), createGunzip(), () => {})
}

/** The lines of each chunk, without their newline. */
async function* linesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer[]> {
  let rest: Buffer[] = []
  let restBytes = 0
  for await (const chunk of chunks) {
    const lines: Buffer[] = []
    let from = 0
    for (let at = chunk.indexOf(newline); at !== -1; at = chunk.indexOf(newline, from)) {
      const end = chunk.subarray(from, at)
      lines.push(restBytes === 0 ? end : Buffer.concat([...rest, end]))
      rest = []
      restBytes = 0
      from = at + 1
    }
    if (from < chunk.length && restBytes <= maxLineBytes) {
      rest.push(chunk.subarray(from))
      restBytes += chunk.length - from
    }
    yield lines
  }
  yield [Buffer.concat(rest)]
}

const isBlank = (line: Buffer) => line.length === 0 || (line.length === 1 && line[0] === 0x0d)
