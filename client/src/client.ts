import { type Alert, type DriftAlert, type PolicyViolation, rateKeyOf, type SafetyEvent } from './alerts.ts'
import { format } from './format.ts'
import { RateLimit } from './rate-limit.ts'

interface CommonOptions {
  /** Of one kind and model, or service; critical ones and those with `skip_rate_limit` pass. */
  readonly rateLimitPerMinute?: number
  /** Of each try. */
  readonly timeoutMs?: number
  /** Tries beyond the first one, on 429, 5xx and without an answer. */
  readonly retries?: number
}

/** To cartwatch: its address, and the intake token. */
export interface CartwatchOptions extends CommonOptions {
  readonly url: string
  readonly token: string
}

/** To a Slack webhook. Webhooks of newer Slack apps take neither a channel nor a name. */
export interface WebhookOptions extends CommonOptions {
  readonly webhookUrl: string
  readonly channel?: string
  readonly username?: string
}

export type Result =
  | {
      readonly ok: true
      /** `sent`: Slack has it. */
      readonly status: 'accepted' | 'duplicate' | 'sent'
      readonly incident: string | null
    }
  | {
      readonly ok: false
      readonly error: string
      /** Of the last answer; absent without one. */
      readonly status?: number
      /** Seconds to wait before it is worth another try. */
      readonly retryAfter?: number
    }

const firstPauseMs = 500
const longestPauseMs = 30_000

/** Sends alerts. The constructor throws on a wrong address; every other failure is a result. */
export class AlertClient {
  readonly #target: string
  readonly #options: CartwatchOptions | WebhookOptions
  readonly #rate: RateLimit

  constructor(options: CartwatchOptions | WebhookOptions) {
    const address = 'url' in options ? options.url : options.webhookUrl
    if (!URL.canParse(address) || !/^https?:$/.test(new URL(address).protocol))
      throw new TypeError(
        `${'url' in options ? 'url' : 'webhookUrl'} is no URL beginning with https:// or http://`
      )
    if ('url' in options && options.token === '') throw new TypeError('token is empty')
    this.#options = options
    this.#target = 'url' in options ? `${address.replace(/\/+$/, '')}/api/alerts` : address
    this.#rate = new RateLimit(options.rateLimitPerMinute ?? 10)
  }

  sendDrift(alert: DriftAlert): Promise<Result> {
    return this.send({ ...alert, kind: 'drift' })
  }

  sendPolicyViolation(alert: PolicyViolation): Promise<Result> {
    return this.send({ ...alert, kind: 'policy_violation' })
  }

  sendSafetyEvent(alert: SafetyEvent): Promise<Result> {
    return this.send({ ...alert, kind: 'safety_event' })
  }

  async send(alert: Alert): Promise<Result> {
    const key = rateKeyOf(alert)
    const passes = alert.severity === 'critical' || alert.skip_rate_limit === true
    const retryAfter = passes ? 0 : this.retryAfter(key)
    if (retryAfter > 0) return { ok: false, error: 'rate_limited', retryAfter }
    if (!passes) this.#rate.take(key, Date.now())
    const { retries = 3 } = this.#options
    for (let tries = 0; ; tries++) {
      const result = await this.#sendOnce(alert)
      if (result.ok || !isPassing(result) || tries >= retries) return result
      const pauseMs = result.retryAfter ? result.retryAfter * 1_000 : firstPauseMs * 2 ** tries
      // A longer wait is the caller's to decide on.
      if (pauseMs > longestPauseMs) return result
      await new Promise(resolve => setTimeout(resolve, pauseMs * (0.75 + Math.random() / 2)))
    }
  }

  /** Whether an alert of this key, `drift MODEL` or `alert SERVICE`, would be sent now. */
  isAllowed(key: string): boolean {
    return this.retryAfter(key) === 0
  }

  /** Seconds until one would be sent; 0 where it would now. */
  retryAfter(key: string): number {
    return this.#rate.retryAfter(key, Date.now())
  }

  async #sendOnce(alert: Alert): Promise<Result> {
    const options = this.#options
    const isSlack = 'webhookUrl' in options
    const headers: Record<string, string> = { 'content-type': 'application/json' }
    if (!isSlack) headers['authorization'] = `Bearer ${options.token}`
    const body = isSlack ? { ...format(alert), ...senderOf(options) } : alert
    try {
      const response = await fetch(this.#target, {
        method: 'POST',
        headers,
        body: JSON.stringify(body),
        redirect: 'error',
        signal: AbortSignal.timeout(options.timeoutMs ?? 10_000)
      })
      const text = await response.text()
      return isSlack ? slackResult(response, text) : intakeResult(response, text)
    } catch (error) {
      return { ok: false, error: error instanceof Error ? `${error.name}: ${error.message}` : String(error) }
    }
  }
}

const isPassing = ({ status }: { readonly status?: number }): boolean =>
  status === undefined || status === 429 || status >= 500

function senderOf({ channel, username = 'Drift Alert Bot' }: WebhookOptions) {
  return { username, ...(channel !== undefined && { channel }) }
}

function slackResult(response: Response, text: string): Result {
  if (response.ok && text.trim() === 'ok') return { ok: true, status: 'sent', incident: null }
  return failure(response, text)
}

function intakeResult(response: Response, text: string): Result {
  const answer = parsed(text)
  if (response.status === 202 && (answer?.status === 'accepted' || answer?.status === 'duplicate'))
    return { ok: true, status: answer.status, incident: answer.incident ?? null }
  return failure(response, answer?.message ?? answer?.error ?? text)
}

function failure({ status, headers }: Response, text: string): Result {
  const retryAfter = Number(headers.get('retry-after') ?? Number.NaN)
  return {
    ok: false,
    error: text.slice(0, 500) || `HTTP ${status}`,
    status,
    ...(Number.isFinite(retryAfter) && { retryAfter })
  }
}

interface Answer {
  readonly status?: string
  readonly incident?: string | null
  readonly error?: string
  readonly message?: string
}

function parsed(text: string): Answer | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}
