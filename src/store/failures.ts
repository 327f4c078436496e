import { StoreError } from './errors.ts'

/** An answer that is an error: HTTP status, ClickHouse's exception code where it sent one, and the text. */
export interface ErrorAnswer {
  readonly status: number
  readonly code: number | undefined
  readonly text: string
}

/** Who asked where, for messages: never with a password. */
export interface Caller {
  readonly address: string
  readonly user: string
}

const maxTextLength = 2_000

const authenticationCodes = new Set([192, 193, 194, 195, 516])
// What may pass by itself: load, memory, disk, replicas, a shutdown.
const passingCodes = new Set([
  74, 159, 202, 203, 209, 210, 225, 236, 241, 242, 243, 252, 279, 285, 290, 319, 394, 425, 439, 473, 745, 999
])

/** What an error answer of ClickHouse, or of something before it, means to us. */
export function answerError({ status, code, text }: ErrorAnswer, { address, user }: Caller): StoreError {
  const said = text.trim().slice(0, maxTextLength)
  if (code !== undefined && authenticationCodes.has(code)) {
    const message = `ClickHouse at ${address} refused the user "${user}": wrong user name or password (code ${code})`
    return new StoreError('AUTHENTICATION', message, { retryable: false, exception: code })
  }
  if (code === 159) {
    const message = `ClickHouse at ${address}: ${said}`
    return new StoreError('TIMEOUT', message, { retryable: true, exception: code })
  }
  if (code !== undefined)
    return new StoreError('QUERY', said, { retryable: passingCodes.has(code), exception: code })
  if (status === 401 || status === 403) {
    const message = `${address} refused the user "${user}" (HTTP ${status})`
    return new StoreError('AUTHENTICATION', message, { retryable: false })
  }
  if (status === 429 || status >= 500)
    return new StoreError('UNREACHABLE', `${address} answered HTTP ${status}: ${said}`, { retryable: true })
  const message = `${address} answered HTTP ${status} and is probably not ClickHouse: ${said}`
  return new StoreError('QUERY', message, { retryable: false })
}

/** ClickHouse's exception code in a text that begins with one; undefined where there is none. */
export function exceptionCode(text: string): number | undefined {
  const digits = /^\s*Code:\s*(\d+)/.exec(text)?.[1]
  return digits === undefined ? undefined : Number(digits)
}

/** Why there was no answer at all: the deadline passed, or the connection did not hold. */
export function connectionError(
  error: unknown,
  timedOut: boolean,
  timeoutMs: number,
  caller: Caller
): StoreError {
  if (error instanceof StoreError) return error
  const why = timedOut ? `did not answer within ${timeoutMs} ms` : `cannot be reached: ${causeText(error)}`
  const code = timedOut ? 'TIMEOUT' : 'UNREACHABLE'
  return new StoreError(code, `ClickHouse at ${caller.address} ${why}`, { retryable: true, cause: error })
}

/** True where the connection broke under a request: an idle socket that the server closed in that moment. */
export function brokenConnection(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return code === 'ECONNRESET' || code === 'EPIPE'
}

function causeText(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return causeText(error.errors[0])
  if (!(error instanceof Error)) return String(error)
  return error.message || ('code' in error ? String(error.code) : error.name)
}
