export type WebErrorCode = 'PORT_TAKEN' | 'PORT_FORBIDDEN' | 'HOST_UNKNOWN' | 'LISTEN_FAILED'

/** A fault of the web server at its start. None goes away by itself. */
export class WebError extends Error {
  readonly code: WebErrorCode
  readonly retryable = false

  constructor(code: WebErrorCode, message: string, options: { cause?: unknown }) {
    super(message, options)
    this.name = 'WebError'
    this.code = code
  }
}
