export type ProducerErrorCode = 'UNREACHABLE' | 'TOPIC_NOT_EMPTY' | 'REFUSED'

/** Why records cannot go to Kafka. */
export class ProducerError extends Error {
  readonly code: ProducerErrorCode
  readonly retryable: boolean

  constructor(code: ProducerErrorCode, message: string, options: { retryable: boolean; cause?: unknown }) {
    super(message, { cause: options.cause })
    this.name = 'ProducerError'
    this.code = code
    this.retryable = options.retryable
  }
}
