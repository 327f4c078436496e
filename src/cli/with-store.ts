import { existsSync } from 'node:fs'
import { StoreError } from '../store/errors.ts'
import type { Store } from '../store/types.ts'
import { visibleLines } from '../telemetry/visible.ts'

export interface StoreOptions {
  readonly config?: string
  readonly store?: string
}

/** Opens the store that the options or the configuration name. */
export type OpenStore = (options: StoreOptions) => Promise<Store>

/** A mistake of the person at the command line: its message is all there is to say. */
export class UsageError extends Error {}

/** Does its work on a store that is there, and closes it. Its faults are printed, and the exit code is then 1. */
export async function withStore(
  open: OpenStore,
  options: StoreOptions,
  work: (store: Store) => Promise<void>
): Promise<void> {
  try {
    if (options.store !== undefined && !existsSync(options.store))
      throw new UsageError(`There is no folder ${options.store}`)
    const store = await open(options)
    try {
      await work(store)
    } finally {
      await store.close()
    }
  } catch (error) {
    if (closedPipe(error)) return
    if (!(error instanceof StoreError || error instanceof UsageError)) throw error
    process.stderr.write(`${visibleLines(error.message.trimEnd())}\n${hintOf(error)}`)
    process.exitCode = 1
  }
}

function hintOf(error: Error): string {
  return error instanceof StoreError && /\b(UNKNOWN_DATABASE|UNKNOWN_TABLE)\b/.test(error.message)
    ? 'Where nothing has run yet there are no tables: `cartwatch migrate` makes them.\n'
    : ''
}

/** The reader of our output, such as `head`, has seen enough. */
function closedPipe(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EPIPE'
}
