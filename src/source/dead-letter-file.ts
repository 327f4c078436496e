import { appendFile, mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { DeadLetters } from './dead-letters.ts'
import type { Fence } from './fence.ts'
import { parsePartitionKey } from './partition.ts'

/** Appends dead letters to a file of NDJSON, their values in base64. */
export function createDeadLetterFile(path: string, fence: Pick<Fence, 'pass'>): DeadLetters {
  return {
    async keep(letters) {
      await mkdir(dirname(path), { recursive: true })
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
      await appendFile(path, `${lines.join('\n')}\n`)
    },
    close: async () => {}
  }
}

/** Stores none: dead letters are only counted, in the metrics and in dead_letter_rate. */
export const countOnly: DeadLetters = { keep: async () => {}, close: async () => {} }
