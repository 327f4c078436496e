import { StoreError } from '../errors.ts'

/** Why an engine did not start: what its process said itself, if it did, and what it wrote to its standard error. */
export interface EngineFailure {
  readonly said: { readonly error: string; readonly message: string } | undefined
  readonly errors: string
}

/** An engine that ends, or another program, holds the folder: it may be free soon. */
export const isLocked = ({ errors }: EngineFailure): boolean => /Cannot lock file/.test(errors)

/** The error for the user: the engine's own reason, and what to do about it. */
export function startFailure(folder: string, { said, errors }: EngineFailure): StoreError {
  if (said?.error === 'EMBEDDED_MISSING')
    return new StoreError(
      'EMBEDDED_MISSING',
      'The embedded engine (chdb) is not installed here: set CLICKHOUSE_URL to a ClickHouse server, or run npm ci with the development dependencies.',
      { retryable: false, cause: said.message }
    )
  const reason = reasonIn(errors) ?? said?.message ?? 'it wrote no reason'
  const { advice, isPassing } = adviceFor(`${reason} ${said?.message ?? ''}`)
  const message = `The store folder ${folder} cannot be used: ${reason}${advice}`
  const isOfFolder = said !== undefined || isPassing
  return new StoreError(isOfFolder ? 'FOLDER_LOCKED' : 'UNREACHABLE', message, { retryable: isPassing })
}

/** The engine writes its exceptions as `Code: 76. DB::Exception: text (NAME)`; the last one is why it gave up. */
function reasonIn(errors: string): string | undefined {
  const exceptions = [...errors.matchAll(/Code: \d+\. DB::\w*Exception: (.*?)(?: \(version [^)]*\))?$/gm)]
  const last = exceptions.at(-1)?.[1] ?? /^(?:\w*Error): (.*)$/m.exec(errors)?.[1]
  return last?.trim()
}

function adviceFor(text: string): { readonly advice: string; readonly isPassing: boolean } {
  if (/ENOSPC|No space left|NOT_ENOUGH_SPACE|Cannot reserve/i.test(text))
    return { advice: '. There is no space left on its disk: free some, then start again.', isPassing: false }
  if (/Cannot lock file/.test(text))
    return {
      advice: '. Another process uses it: stop that one, or set store.folder to another folder.',
      isPassing: true
    }
  if (/EACCES|EPERM|EROFS|Permission denied/i.test(text))
    return { advice: '. Allow this user to write there, or set store.folder.', isPassing: false }
  if (
    /Cannot parse definition|CORRUPTED|CHECKSUM|CANNOT_PARSE|CANNOT_READ|UNEXPECTED_END|ATTEMPT_TO_READ|broken/i.test(
      text
    )
  )
    return {
      advice:
        '. It is damaged: restore it from a copy, or move it away and read the past again with cartwatch backfill.',
      isPassing: false
    }
  return { advice: '', isPassing: false }
}
