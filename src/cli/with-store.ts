import { existsSync } from 'node:fs'
import type { Command, OptionValues } from '@commander-js/extra-typings'
import { StoreError } from '../store/errors.ts'
import type { Store } from '../store/types.ts'
import { visibleLines } from '../telemetry/visible-text.ts'

export interface StoreChoice {
  readonly config?: string | undefined
  readonly store?: string | undefined
}

/** The options that name the store, behind a command's own, and its examples, if any. */
export const onStore = <Arguments extends unknown[], Options extends OptionValues>(
  command: Command<Arguments, Options>,
  examples = ''
) =>
  command
    .option('--config <file>', 'the configuration file')
    .option('--store <folder>', 'a folder with an embedded store, instead of the configured store')
    .addHelpText('after', examples)

/** Opens the store that the options or the configuration name. */
export type OpenStore = (options: StoreChoice) => Promise<Store>

/** An error of the user: only its message is printed. */
export class UsageError extends Error {}

/** Opens the store, does the work and closes it. Errors of the store and the user are printed; the exit code is then 1. */
export async function withStore(
  open: OpenStore,
  options: StoreChoice,
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
    if (isClosedPipe(error)) return
    if (!(error instanceof StoreError || error instanceof UsageError)) throw error
    process.stderr.write(`${visibleLines(error.message.trimEnd())}\n${hintOf(error)}`)
    process.exitCode = 1
  }
}

function hintOf(error: Error): string {
  if (error instanceof StoreError && /\bREADONLY\b/.test(error.message))
    return 'Only statements that read are run: --write lets one change the store.\n'
  return error instanceof StoreError && /\b(UNKNOWN_DATABASE|UNKNOWN_TABLE)\b/.test(error.message)
    ? 'If cartwatch has never used this store, it has no tables yet: `cartwatch migrate` creates them.\n'
    : ''
}

/** The reader of our output, such as `head`, has closed it. */
export function isClosedPipe(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EPIPE'
}
