/** A fault of the source. A retryable one may pass without anybody's help. */
export class SourceError extends Error {
  readonly code: 'UNREACHABLE' | 'TOPIC_MISSING' | 'DEAD_LETTER_TOPIC' | 'STOPPED' | 'FILE'
  readonly retryable: boolean

  constructor(code: SourceError['code'], message: string, options: { retryable: boolean; cause?: unknown }) {
    super(message, { cause: options.cause })
    this.name = 'SourceError'
    this.code = code
    this.retryable = options.retryable
  }
}
