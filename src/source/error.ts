/** A fault of the source. A retryable one may pass without anybody's help. */
export class SourceError extends Error {
  readonly code:
    | 'UNREACHABLE'
    | 'TOPIC_MISSING'
    | 'DEAD_LETTER_TOPIC'
    | 'DEAD_LETTER_FILE'
    | 'STOPPED'
    | 'FILE'
    | 'SCHEMA_REGISTRY'
  readonly retryable: boolean

  constructor(code: SourceError['code'], message: string, options: { retryable: boolean; cause?: unknown }) {
    super(message, { cause: options.cause })
    this.name = 'SourceError'
    this.code = code
    this.retryable = options.retryable
  }
}

/** Fields of KafkaJS's errors and of their causes. */
export interface Fault {
  readonly name?: unknown
  readonly message?: unknown
  readonly code?: unknown
  readonly type?: unknown
  readonly broker?: unknown
}

/** An error, its cause, the cause of that, and so on. */
export function causesOf(error: unknown): readonly Fault[] {
  const causes: Fault[] = []
  for (let one = error; typeof one === 'object' && one !== null; one = (one as { cause?: unknown }).cause) {
    causes.push(one)
  }
  return causes
}
