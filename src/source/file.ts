import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { Readable } from 'node:stream'
import { setImmediate as turn } from 'node:timers/promises'
import { messageOf } from '../telemetry/message.ts'
import { SourceError } from './error.ts'
import { plainBytes } from './file-bytes.ts'
import { recordsOf } from './file-records.ts'

export interface FileProgress {
  readonly bytesRead: number
  /** Undefined for standard input. */
  readonly bytesTotal: number | undefined
}

export interface FileSource {
  /**
   * Hands in each record in order, with its number (see `FileRecord`), in slices, waiting for `ready` after each. A
   * rejection of `ready` ends the reading.
   */
  read(take: (line: Buffer, lineNumber: number) => void, ready?: () => Promise<void>): Promise<void>
  progress(): FileProgress
}

/** Reads NDJSON, JSON or CSV, compressed or not, as its first bytes say; `-` is standard input. */
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
      for await (const records of recordsOf(await plainBytes(counted(raw)))) {
        for (const { number, bytes } of records) {
          lineNumber = number
          take(bytes, number)
        }
        await ready()
      }
    } catch (cause) {
      const place = lineNumber === 0 ? '' : `after record ${lineNumber}: `
      const message =
        cause instanceof SourceError ? `${path} ${cause.message}` : `${path}: ${place}${faultText(cause)}`
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

/** What zlib says of a file that was cut off, which most people have not met. */
function faultText(cause: unknown): string {
  const message = messageOf(cause)
  const code = cause instanceof Error && 'code' in cause ? cause.code : undefined
  return code === 'Z_BUF_ERROR' || message === 'unexpected end of file'
    ? 'the compressed data end too early: the file is cut off'
    : message
}

async function sizeOf(path: string): Promise<number> {
  const found = await stat(path).catch((cause: NodeJS.ErrnoException) => {
    const reason = cause.code === 'ENOENT' ? 'no such file' : cause.message
    throw new SourceError('FILE', `${path}: ${reason}`, { retryable: false, cause })
  })
  if (found.isDirectory())
    throw new SourceError('FILE', `${path} is a folder: give a file of NDJSON, JSON or CSV`, {
      retryable: false
    })
  return found.size
}
