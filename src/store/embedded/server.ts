import { randomUUID, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { gunzipSync } from 'node:zlib'
import { type Refusal, refusal } from './answers.ts'
import type { Endpoint } from './endpoint.ts'
import type { Engine, EngineRequest } from './engine.ts'

// What a client says about the transport, not to the engine.
const transportOnly = new Set([
  'query',
  'database',
  'default_format',
  'query_id',
  'user',
  'password',
  'session_id',
  'session_timeout',
  'session_check',
  'role',
  'quota_key',
  'stacktrace',
  'compress',
  'decompress',
  'buffer_size',
  'wait_end_of_query',
  'enable_http_compression',
  'http_zlib_compression_level',
  'send_progress_in_http_headers',
  'http_headers_progress_interval_ms',
  'http_write_exception_in_output_format',
  'cancel_http_readonly_queries_on_client_close'
])

const maxBodyBytes = 256 * 1024 * 1024

type EngineCredentials = Omit<Endpoint, 'url'>

/** ClickHouse's HTTP interface over the engine: `GET /ping`, and SQL by POST or GET. */
export function createHttpServer(engine: Engine, credentials: EngineCredentials): Server {
  return createServer({ keepAliveTimeout: 30_000 }, (request, response) => {
    handle(engine, credentials, request, response).catch(() => response.destroy())
  })
}

async function handle(
  engine: Engine,
  credentials: EngineCredentials,
  request: IncomingMessage,
  response: ServerResponse
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://localhost')
  const given = givenCredentials(request, url)
  if (url.pathname === '/ping' && given === undefined) return send(response, 200, 'text/plain', 'Ok.\n')
  if (given === undefined || !same(given, credentials)) {
    request.resume()
    const name = given?.user ?? 'default'
    const message = `${name}: Authentication failed: password is incorrect, or there is no user with such name`
    return refuse(response, refusal(516, 'AUTHENTICATION_FAILED', `${message}.`))
  }
  if (url.pathname === '/ping') return send(response, 200, 'text/plain', 'Ok.\n')
  if (url.pathname !== '/') return send(response, 404, 'text/plain', 'There is no handle here\n')
  const body = await readBody(request)
  if (body === undefined) return refuse(response, refusal(307, 'TOO_MANY_BYTES', 'The request is too large'))
  const wanted = engineRequest(request, url.searchParams, body)
  const answer = await engine.run(wanted, () => !response.destroyed)
  if ('refusal' in answer) return refuse(response, answer.refusal)
  response.setHeader('X-ClickHouse-Query-Id', url.searchParams.get('query_id') ?? randomUUID())
  response.setHeader('X-ClickHouse-Format', wanted.format)
  send(response, 200, contentType(wanted.format), answer.rows)
}

function engineRequest(request: IncomingMessage, search: URLSearchParams, body: string): EngineRequest {
  const query = search.get('query')
  const settings = new Map<string, string>()
  const params = new Map<string, string>()
  for (const [name, value] of search) {
    if (name.startsWith('param_')) params.set(name.slice('param_'.length), unescapeParam(value))
    else if (!transportOnly.has(name)) settings.set(name, value)
  }
  return {
    sql: query ?? body,
    body: query === null ? '' : body,
    format: search.get('default_format') ?? header(request, 'x-clickhouse-format') ?? 'TabSeparated',
    database: search.get('database') ?? header(request, 'x-clickhouse-database') ?? 'default',
    settings,
    params
  }
}

/** Query parameters come escaped as in TabSeparated; chdb escapes them itself. */
function unescapeParam(value: string): string {
  const named: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', b: '\b', f: '\f', '0': '\0' }
  return value.replace(/\\([\s\S])/g, (_, letter: string) => named[letter] ?? letter)
}

function givenCredentials(request: IncomingMessage, url: URL): EngineCredentials | undefined {
  const basic = /^Basic (.+)$/i.exec(request.headers.authorization ?? '')?.[1]
  if (basic !== undefined) {
    const [user = '', ...password] = Buffer.from(basic, 'base64').toString().split(':')
    return { user, password: password.join(':') }
  }
  const user = header(request, 'x-clickhouse-user') ?? url.searchParams.get('user')
  const password = header(request, 'x-clickhouse-key') ?? url.searchParams.get('password')
  if (user === null && password === null) return undefined
  return { user: user ?? 'default', password: password ?? '' }
}

function header(request: IncomingMessage, name: string): string | null {
  const value = request.headers[name]
  return typeof value === 'string' ? value : null
}

function same(given: EngineCredentials, wanted: EngineCredentials): boolean {
  const a = Buffer.from(JSON.stringify([given.user, given.password]))
  const b = Buffer.from(JSON.stringify([wanted.user, wanted.password]))
  return a.length === b.length && timingSafeEqual(a, b)
}

/** The request's text, unpacked; undefined where it is too large. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length
    if (bytes <= maxBodyBytes) chunks.push(chunk)
  }
  if (bytes > maxBodyBytes) return undefined
  const raw = Buffer.concat(chunks)
  if (request.headers['content-encoding'] !== 'gzip') return raw.toString()
  return gunzipSync(raw, { maxOutputLength: maxBodyBytes }).toString()
}

function contentType(format: string): string {
  return format.startsWith('JSON')
    ? 'application/json; charset=UTF-8'
    : 'text/tab-separated-values; charset=UTF-8'
}

function refuse(response: ServerResponse, { status, code, body }: Refusal): void {
  response.setHeader('X-ClickHouse-Exception-Code', String(code))
  send(response, status, 'text/plain; charset=UTF-8', body)
}

function send(response: ServerResponse, status: number, type: string, body: string | Uint8Array): void {
  response.writeHead(status, { 'Content-Type': type })
  response.end(body)
}
