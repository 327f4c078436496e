import { messageOf } from '../telemetry/message.ts'
import { type Status, statusSchema } from './status.ts'

/** A page of thousands of partitions is smaller. */
const maxBytes = 8_388_608

export type Asked =
  | { readonly kind: 'answered'; readonly status: Status }
  | { readonly kind: 'silent'; readonly reason: string }

export interface AskOptions {
  /** Of an operations port, such as http://localhost:8080. */
  readonly url: string
  /** `own`: what the instance knows of itself, without asking Kafka or another instance. */
  readonly of: 'group' | 'own'
  readonly timeoutMs: number
}

/** Asks an instance for its /status. Never rejects: what comes back instead of one is the reason. */
export async function askStatus({ url, of, timeoutMs }: AskOptions): Promise<Asked> {
  const silent = (reason: string): Asked => ({ kind: 'silent', reason: `${url} ${reason}` })
  try {
    const response = await fetch(new URL(of === 'own' ? '/status?of=own' : '/status', url), {
      signal: AbortSignal.timeout(timeoutMs),
      redirect: 'error'
    })
    const length = Number(response.headers.get('content-length') ?? Number.NaN)
    if (!response.ok || !(length <= maxBytes)) {
      await response.body?.cancel()
      if (response.status === 403)
        return silent('answers 403: http.allow.operations of that instance has to name this address')
      return silent(
        `answers ${response.status} without a status: it is another program, or an earlier version`
      )
    }
    const parsed = statusSchema.safeParse(await response.json())
    if (parsed.success) return { kind: 'answered', status: parsed.data }
    return silent('answers a status that this version cannot read: ask an instance of its own version')
  } catch (error) {
    return silent(whySilent(error, timeoutMs))
  }
}

function whySilent(error: unknown, timeoutMs: number): string {
  if (error instanceof Error && error.name === 'TimeoutError')
    return `has not answered within ${timeoutMs / 1_000} s`
  const cause = error instanceof Error ? error.cause : undefined
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : undefined
  if (code === 'ECONNREFUSED') return 'does not answer: nothing listens there'
  return `does not answer: ${cause === undefined ? messageOf(error) : messageOf(cause) || code}`
}
