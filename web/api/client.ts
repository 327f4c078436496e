import { signal } from '@preact/signals'
import type { Problem } from '../../src/web/api/parts.ts'
import type { SessionAnswer } from '../../src/web/api/session.ts'

/** Why there is no answer, for a person. */
export class ApiError extends Error {
  /** 0 where nothing answered. */
  readonly status: number

  constructor(status: number, message: string, options?: ErrorOptions) {
    super(message, options)
    this.name = 'ApiError'
    this.status = status
  }
}

/** Who uses the page; null until it is known, and `signed_out` where nobody has signed in. */
export const session = signal<SessionAnswer | 'signed_out' | null>(null)

export const mayOperate = (): boolean =>
  session.value !== null && session.value !== 'signed_out' && session.value.role === 'operate'

const timeoutMs = 20_000

interface Sent {
  readonly method: 'POST' | 'DELETE'
  readonly body?: unknown
}

/** Asks the API. Rejects with an ApiError, or as an abort does. */
export async function ask<Answer>(path: string, sent?: Sent, signal?: AbortSignal): Promise<Answer> {
  const bound = AbortSignal.timeout(timeoutMs)
  const response = await fetch(path, {
    signal: signal ? AbortSignal.any([signal, bound]) : bound,
    ...(sent && {
      method: sent.method,
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(sent.body ?? {})
    })
  }).catch(cause => {
    if (signal?.aborted) throw cause
    throw new ApiError(0, 'cartwatch does not answer at this address. Is it running? npx cartwatch status', {
      cause
    })
  })
  if (response.ok) return response.status === 204 ? (undefined as Answer) : await response.json()
  const problem: Problem = await response.json().catch(() => ({ error: 'internal' }))
  if (response.status === 401 && path !== '/api/session') session.value = 'signed_out'
  throw new ApiError(response.status, problem.message ?? textOf(response.status))
}

export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

function textOf(status: number): string {
  switch (status) {
    case 401:
      return 'Sign in first.'
    case 403:
      return 'You may not do this: your role, or http.allow of the configuration, does not let you.'
    case 404:
      return 'There is no such thing here.'
    case 409:
      return 'Nothing to do: somebody was faster, or it is over.'
    case 429:
      return 'Too many requests: wait a minute.'
    case 503:
      return 'The store does not answer. npx cartwatch status says why.'
    default:
      return `cartwatch answered ${status}. Its log says more.`
  }
}

/** Asks who uses the page. */
export async function loadSession(): Promise<void> {
  try {
    session.value = await ask<SessionAnswer>('/api/session')
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) session.value = 'signed_out'
    else throw error
  }
}

export async function signOut(): Promise<void> {
  await ask('/api/session', { method: 'DELETE' })
  session.value = 'signed_out'
}
