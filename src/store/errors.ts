import type { StoreErrorCode } from './types.ts'

/** A fault of the store. `retryable` says whether the same call may succeed later without anybody's doing. */
export class StoreError extends Error {
  readonly code: StoreErrorCode
  readonly retryable: boolean

  constructor(code: StoreErrorCode, message: string, options: { retryable: boolean; cause?: unknown }) {
    super(message, { cause: options.cause })
    this.name = 'StoreError'
    this.code = code
    this.retryable = options.retryable
  }
}
