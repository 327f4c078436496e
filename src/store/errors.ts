import type { StoreErrorCode } from './types.ts'

export interface StoreErrorOptions {
  readonly retryable: boolean
  readonly cause?: unknown
  readonly exception?: number
}

/** A fault of the store. `retryable`: the same call may succeed later. */
export class StoreError extends Error {
  readonly code: StoreErrorCode
  readonly retryable: boolean
  /** ClickHouse's exception code, where it answered with one. */
  readonly exception: number | undefined

  constructor(code: StoreErrorCode, message: string, options: StoreErrorOptions) {
    super(message, { cause: options.cause })
    this.name = 'StoreError'
    this.code = code
    this.retryable = options.retryable
    this.exception = options.exception
  }
}
