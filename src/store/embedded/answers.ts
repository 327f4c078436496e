import { messageOf } from '../../telemetry/message.ts'

// ClickHouse's HTTP status by its exception code; every other code is a 500, as there.
const statusByCode: Readonly<Record<number, number>> = {
  6: 400,
  26: 400,
  27: 400,
  36: 400,
  38: 400,
  41: 400,
  46: 404,
  47: 404,
  48: 501,
  50: 404,
  53: 400,
  56: 404,
  60: 404,
  62: 400,
  72: 400,
  73: 400,
  81: 404,
  115: 404,
  117: 400,
  159: 408,
  164: 403,
  516: 403
}

/** An answer that is an error of the engine, or one that a server would give in its place. */
export interface Refusal {
  readonly status: number
  readonly code: number
  readonly body: string
}

/** An error as ClickHouse writes it over HTTP; `message` may carry its own `Code: …` already. */
export function refusal(code: number, name: string, message: string): Refusal {
  return {
    status: statusByCode[code] ?? 500,
    code,
    body: `Code: ${code}. DB::Exception: ${message} (${name})\n`
  }
}

/** The engine's own error, which brings its code and name. */
export function engineRefusal(error: unknown): Refusal {
  const message = messageOf(error)
  const code = Number(/^Code:\s*(\d+)/.exec(message)?.[1] ?? 1002)
  if (!message.startsWith('Code:')) return refusal(code, 'UNKNOWN_EXCEPTION', message)
  return { status: statusByCode[code] ?? 500, code, body: `${message}\n` }
}
