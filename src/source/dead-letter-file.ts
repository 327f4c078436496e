import { appendFile, chmod, mkdir, open, rename, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { messageOf } from '../telemetry/message.ts'
import type { Logger } from '../telemetry/types.ts'
import type { DeadLetter, DeadLetters } from './dead-letters.ts'
import { SourceError } from './error.ts'
import type { Fence } from './fence.ts'
import { parsePartitionKey } from './partition.ts'

export interface DeadLetterFileOptions {
  readonly path: string
  /** Of the file and the one before it together; a single letter may be larger. */
  readonly maxBytes: number
  readonly fence: Pick<Fence, 'pass'>
  readonly log: Logger
}

/**
 * Appends dead letters to a file of NDJSON, their values in base64. Only its owner may read it: they are events of people.
 * When it has half of `maxBytes`, it is kept as `<path>.1`, and the one before it is dropped.
 */
export function createDeadLetterFile({ path, maxBytes, fence, log }: DeadLetterFileOptions): DeadLetters {
  // What an append that failed has left of a line.
  let isTorn = false

  async function append(lines: string): Promise<void> {
    await makeRoom(Buffer.byteLength(lines))
    await fence.pass()
    const text = `${isTorn ? '\n' : ''}${lines}`
    isTorn = true
    await appendFile(path, text, { mode: 0o600 })
    isTorn = false
    await chmod(path, 0o600)
  }

  async function makeRoom(bytes: number): Promise<void> {
    const held = await bytesOf(path)
    if (held === 0 || held + bytes <= maxBytes / 2) return
    const dropped = await bytesOf(older(path))
    await rename(path, older(path))
    isTorn = false
    if (dropped > 0)
      log.warn(
        { file: path, dropped_bytes: dropped },
        'the dead-letter file is full: its oldest letters were dropped'
      )
  }

  return {
    async keep(letters) {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 })
      for (const lines of pieces(letters.map(lineOf), maxBytes / 2)) await append(lines)
    },
    close: async () => {}
  }
}

/** Rejects with a SourceError where dead letters could not be written: the first one would stop all commits. */
export async function requireWritableFile(path: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    await (await open(path, 'a', 0o600)).close()
  } catch (cause) {
    throw new SourceError(
      'DEAD_LETTER_FILE',
      `the dead-letter file ${path} cannot be written (${messageOf(cause)}): allow it, or set dead_letter_file, or dead_letter: topic or count`,
      { retryable: false, cause }
    )
  }
}

const older = (path: string) => `${path}.1`

/** 0 where there is no such file. */
async function bytesOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 0
    throw error
  }
}

const lineOf = ({ partition, offset, reason, key, value }: DeadLetter): string =>
  `${JSON.stringify({
    ...parsePartitionKey(partition),
    offset,
    reason,
    key: key?.toString('base64') ?? null,
    value: value?.toString('base64') ?? null
  })}\n`

/** Lines in order, as many together as fit; a longer one stands alone. */
function* pieces(lines: readonly string[], maxBytes: number): Generator<string> {
  let piece = ''
  for (const line of lines) {
    if (piece !== '' && piece.length + line.length > maxBytes) {
      yield piece
      piece = ''
    }
    piece += line
  }
  if (piece !== '') yield piece
}

/** Stores none: dead letters are only counted, in the metrics and in dead_letter_rate. */
export const countOnly: DeadLetters = { keep: async () => {}, close: async () => {} }
