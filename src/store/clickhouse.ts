import { Readable } from 'node:stream'
import { ClickHouseLogLevel, createClient, EXCEPTION_TAG_HEADER_NAME } from '@clickhouse/client'
import { proxyingAgent } from '../net/node-agent.ts'
import type { Endpoint } from './embedded/endpoint.ts'
import type { StoreError } from './errors.ts'
import { answerError, brokenConnection, type Caller, connectionError, exceptionCode } from './failures.ts'
import { watchExceptions } from './late-exceptions.ts'

export type SqlParams = Readonly<Record<string, string | number | readonly string[]>>

export interface Statement {
  readonly sql: string
  readonly params?: SqlParams
  /** Lines of JSON behind an INSERT … FORMAT JSONCompactEachRow. */
  readonly lines?: string
  /** The format of an answer whose SQL names none. */
  readonly format?: string
  readonly settings?: Readonly<Record<string, string | number>>
  /** The bound of the whole call, or with `stream` of each wait in it. */
  readonly timeoutMs: number
}

/** One ClickHouse server, or an engine that speaks as one. Every rejection is a StoreError. */
export interface Connection {
  /** Runs a statement to its end; gives the answer's text. Safe for statements that may be run twice. */
  run(statement: Statement): Promise<string>
  /** Runs a statement once; gives the answer's bytes as they come. */
  stream(statement: Statement): Promise<AsyncIterable<Uint8Array>>
  close(): Promise<void>
}

/** The address is without credentials. */
export interface ConnectionOptions extends Endpoint {
  /** The database of names without one; undefined where it may not exist yet. */
  readonly database?: string
  /** Past the proxies of the environment. */
  readonly isDirect?: boolean
}

const idleSocketMs = 2_000
const maxSockets = 8
const maxTimerMs = 2 ** 31 - 1
const maxErrorBytes = 64 * 1024

export function connect({ url, user, password, database, isDirect }: ConnectionOptions): Connection {
  const agent = isDirect ? undefined : proxyingAgent(url, maxSockets)
  const client = createClient({
    url,
    username: user,
    password,
    ...(database === undefined ? {} : { database }),
    application: 'cartwatch',
    // The deadline of each call is ours.
    request_timeout: maxTimerMs,
    max_open_connections: maxSockets,
    ...(agent && { http_agent: agent }),
    compression: { request: false, response: false },
    keep_alive: { enabled: true, idle_socket_ttl: idleSocketMs, eagerly_destroy_stale_sockets: true },
    log: { level: ClickHouseLogLevel.OFF }
  })
  const caller: Caller = { address: url, user }

  const send = (statement: Statement, signal: AbortSignal) =>
    client.exec({
      query: statement.sql,
      ...(statement.params ? { query_params: { ...statement.params } } : {}),
      ...(statement.lines === undefined ? {} : { values: Readable.from([Buffer.from(statement.lines)]) }),
      clickhouse_settings: settingsOf(statement),
      abort_signal: signal,
      // Errors are read here, where the HTTP status is known.
      ignore_error_response: true
    })

  const sendAgain = async (statement: Statement, signal: AbortSignal) => {
    try {
      return await send(statement, signal)
    } catch (error) {
      if (!brokenConnection(error) || signal.aborted) throw error
      return await send(statement, signal)
    }
  }

  return {
    async run(statement) {
      const signal = AbortSignal.timeout(statement.timeoutMs)
      const failed = (error: unknown) => connectionError(error, signal.aborted, statement.timeoutMs, caller)
      const answer = await sendAgain(statement, signal).catch(error => Promise.reject(failed(error)))
      const chunks: Uint8Array[] = []
      try {
        for await (const chunk of bounded(answer.stream, () => signal)) chunks.push(chunk)
      } catch (error) {
        throw failed(error)
      }
      const body = Buffer.concat(chunks)
      const refused = errorOf(answer, body, caller)
      if (refused) throw refused
      return body.toString()
    },

    async stream(statement) {
      const signal = AbortSignal.timeout(statement.timeoutMs)
      const failed = (error: unknown, timedOut: boolean) =>
        connectionError(error, timedOut, statement.timeoutMs, caller)
      const answer = await send(statement, signal).catch(error =>
        Promise.reject(failed(error, signal.aborted))
      )
      if (isErrorAnswer(answer)) {
        const body = await firstBytes(answer.stream, signal).catch(error =>
          Promise.reject(failed(error, signal.aborted))
        )
        throw errorOf(answer, body, caller) as StoreError
      }
      return watched(answer, statement.timeoutMs, caller)
    },

    close: () => client.close()
  }
}

function settingsOf({ settings, format }: Statement): Record<string, string | number> {
  return { ...settings, ...(format === undefined ? {} : { default_format: format }) }
}

interface Answer {
  readonly stream: Readable
  readonly http_status_code?: number | undefined
  readonly response_headers: Readonly<Record<string, unknown>>
}

function headerOf(answer: Answer, name: string): string | undefined {
  const value = answer.response_headers[name]
  return typeof value === 'string' ? value : undefined
}

function isErrorAnswer(answer: Answer): boolean {
  return (
    (answer.http_status_code ?? 200) >= 300 || headerOf(answer, 'x-clickhouse-exception-code') !== undefined
  )
}

/** The error that an answer is, wholly or at its end; undefined where it is none. */
function errorOf(answer: Answer, body: Buffer, caller: Caller): StoreError | undefined {
  if (isErrorAnswer(answer)) {
    const text = body.toString()
    const header = headerOf(answer, 'x-clickhouse-exception-code')
    const code = header === undefined ? exceptionCode(text) : Number(header)
    return answerError({ status: answer.http_status_code ?? 500, code, text }, caller)
  }
  const watch = watchExceptions(headerOf(answer, EXCEPTION_TAG_HEADER_NAME))
  watch.take(body)
  const { exception } = watch.end()
  return exception === undefined
    ? undefined
    : answerError({ status: 500, code: exceptionCode(exception) ?? 0, text: exception }, caller)
}

async function firstBytes(stream: Readable, signal: AbortSignal): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of bounded(stream, () => signal)) {
    chunks.push(chunk)
    bytes += chunk.length
    if (bytes > maxErrorBytes) break
  }
  return Buffer.concat(chunks)
}

async function* watched(answer: Answer, timeoutMs: number, caller: Caller): AsyncGenerator<Uint8Array> {
  const watch = watchExceptions(headerOf(answer, EXCEPTION_TAG_HEADER_NAME))
  let signal = AbortSignal.timeout(timeoutMs)
  const nextSignal = () => {
    signal = AbortSignal.timeout(timeoutMs)
    return signal
  }
  try {
    for await (const chunk of bounded(answer.stream, nextSignal)) {
      const sure = watch.take(Buffer.from(chunk))
      if (sure.length > 0) yield sure
    }
  } catch (error) {
    throw connectionError(error, signal.aborted, timeoutMs, caller)
  }
  const { rest, exception } = watch.end()
  if (rest.length > 0) yield rest
  if (exception !== undefined)
    throw answerError({ status: 500, code: exceptionCode(exception) ?? 0, text: exception }, caller)
}

/** The chunks of a body; each wait for one ends with the signal given for it. A body cut short is an error. */
async function* bounded(stream: Readable, signalOf: () => AbortSignal): AsyncGenerator<Uint8Array> {
  const chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>
  try {
    for (;;) {
      const signal = signalOf()
      const destroy = () => stream.destroy(new Error('timed out'))
      if (signal.aborted) destroy()
      signal.addEventListener('abort', destroy, { once: true })
      const next = await chunks.next().finally(() => signal.removeEventListener('abort', destroy))
      if (next.done) return
      yield next.value
    }
  } finally {
    stream.destroy()
  }
}
