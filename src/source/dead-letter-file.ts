import { appendFile, chmod, mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { DeadLetters } from './dead-letters.ts'
import type { Fence } from './fence.ts'
import { parsePartitionKey } from './partition.ts'

/** Appends dead letters to a file of NDJSON, their values in base64. Only its owner may read it: they are events of people. */
export function createDeadLetterFile(path: string, fence: Pick<Fence, 'pass'>): DeadLetters {
  // What an append that failed has left of a line.
  let isTorn = false
  return {
    async keep(letters) {
      await mkdir(dirname(path), { recursive: true, mode: 0o700 })
      const lines = letters.map(({ partition, offset, reason, key, value }) =>
        JSON.stringify({
          ...parsePartitionKey(partition),
          offset,
          reason,
          key: key?.toString('base64') ?? null,
          value: value?.toString('base64') ?? null
        })
      )
      await fence.pass()
      const text = `${isTorn ? '\n' : ''}${lines.join('\n')}\n`
      isTorn = true
      await appendFile(path, text, { mode: 0o600 })
      isTorn = false
      await chmod(path, 0o600)
    },
    close: async () => {}
  }
}

/** Stores none: dead letters are only counted, in the metrics and in dead_letter_rate. */
export const countOnly: DeadLetters = { keep: async () => {}, close: async () => {} }
