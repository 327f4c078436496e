import { messageOf } from '../../telemetry/message.ts'

// ClickHouse's exception codes by the HTTP status that they get; every other code is a 500, as there.
const codesByStatus: Readonly<Record<number, readonly number[]>> = {
  400: [6, 26, 27, 36, 38, 41, 53, 62, 72, 73, 117],
  403: [164, 516],
  404: [46, 47, 50, 56, 60, 81, 115],
  408: [159],
  501: [48]
}
const statusByCode: ReadonlyMap<number, number> = new Map(
  Object.entries(codesByStatus).flatMap(([status, codes]) => codes.map(code => [code, Number(status)]))
)

/** An error of the engine, or the one that a server would give instead. */
export interface Refusal {
  readonly status: number
  readonly code: number
  readonly body: string
}

/** An error as ClickHouse writes it over HTTP; `message` may carry its own `Code: …` already. */
export function refusal(code: number, name: string, message: string): Refusal {
  return {
    status: statusByCode.get(code) ?? 500,
    code,
    body: `Code: ${code}. DB::Exception: ${message} (${name})\n`
  }
}

/** The engine's own error: its text has the code and the name. */
export function engineRefusal(error: unknown): Refusal {
  const message = messageOf(error)
  const code = Number(/^Code:\s*(\d+)/.exec(message)?.[1] ?? 1002)
  if (!message.startsWith('Code:')) return refusal(code, 'UNKNOWN_EXCEPTION', message)
  return { status: statusByCode.get(code) ?? 500, code, body: `${message}\n` }
}
