import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createHttp } from '../../../src/channel/http.ts'
import { fetchOutbound } from '../../../src/net/outbound.ts'
import { createTokens } from '../../../src/source/kafka/oauth.ts'
import { connect } from '../../../src/store/clickhouse.ts'
import { openForwardProxy } from '../../support/forward-proxy.ts'
import type { OnTestFinished } from '../../support/program.ts'

/** Only the proxy finds this name. */
const host = 'only.behind.proxy'

beforeEach(() => {
  for (const name of ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY']) {
    vi.stubEnv(name, '')
    vi.stubEnv(name.toLowerCase(), undefined)
  }
})
afterEach(() => vi.unstubAllEnvs())

async function serverOf(answer: string, onTestFinished: OnTestFinished) {
  const bodies: string[] = []
  const server = createServer(async (incoming, outgoing) => {
    bodies.push(await text(incoming))
    outgoing.writeHead(200, { 'content-type': 'application/json' }).end(answer)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return { port: (server.address() as AddressInfo).port, bodies }
}

test('a message goes through HTTP_PROXY', async ({ onTestFinished }) => {
  const { port, bodies } = await serverOf('ok', onTestFinished)
  const proxy = await openForwardProxy(onTestFinished)
  vi.stubEnv('HTTP_PROXY', proxy.url)
  const http = createHttp({ timeoutMs: 5_000 })
  onTestFinished(() => http.close())
  const url = `http://${host}:${port}/hook`
  expect(await http.post({ url, body: '{"a":1}', secrets: [] })).toEqual({ kind: 'sent', answer: '200 ok' })
  expect(bodies).toEqual(['{"a":1}'])
  expect(proxy.passed).toEqual([`POST ${url}`])
})

test('a proxy without a scheme is asked by HTTP, and the lower-case variable comes first', async ({
  onTestFinished
}) => {
  const { port } = await serverOf('ok', onTestFinished)
  const proxy = await openForwardProxy(onTestFinished)
  vi.stubEnv('HTTP_PROXY', 'http://127.0.0.1:9')
  vi.stubEnv('http_proxy', proxy.url.replace('http://', ''))
  const http = createHttp({ timeoutMs: 5_000 })
  onTestFinished(() => http.close())
  expect(await http.post({ url: `http://${host}:${port}/`, body: '{}', secrets: [] })).toMatchObject({
    kind: 'sent'
  })
})

test('HTTPS goes through a tunnel of HTTPS_PROXY', async ({ onTestFinished }) => {
  const { port } = await serverOf('ok', onTestFinished)
  const proxy = await openForwardProxy(onTestFinished)
  vi.stubEnv('HTTPS_PROXY', proxy.url)
  const http = createHttp({ timeoutMs: 5_000 })
  onTestFinished(() => http.close())
  // What listens there speaks no TLS: that the tunnel was asked for is enough.
  expect(await http.post({ url: `https://${host}:${port}/`, body: '{}', secrets: [] })).toMatchObject({
    kind: 'retry'
  })
  expect(proxy.passed[0]).toBe(`CONNECT ${host}:${port}`)
})

test('a host of NO_PROXY is asked directly', async ({ onTestFinished }) => {
  const { port } = await serverOf('ok', onTestFinished)
  const proxy = await openForwardProxy(onTestFinished)
  vi.stubEnv('HTTP_PROXY', proxy.url)
  vi.stubEnv('NO_PROXY', 'internal.example, 127.0.0.1')
  const http = createHttp({ timeoutMs: 5_000 })
  onTestFinished(() => http.close())
  const url = `http://127.0.0.1:${port}/`
  expect(await http.post({ url, body: '{}', secrets: [] })).toMatchObject({ kind: 'sent' })
  expect((await fetchOutbound(url)).status).toBe(200)
  const store = connect({ url, user: 'u', password: 'p' })
  onTestFinished(() => store.close())
  expect(await store.run({ sql: 'SELECT 1', timeoutMs: 5_000 })).toBe('ok')
  expect(proxy.passed).toEqual([])
})

test('a proxy that wants a login is named in the answer, which is tried again', async ({
  onTestFinished
}) => {
  const proxy = createServer()
  proxy.on('connect', (_, socket) => socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n'))
  proxy.listen(0, '127.0.0.1')
  await once(proxy, 'listening')
  onTestFinished(() => void proxy.close())
  vi.stubEnv('HTTPS_PROXY', `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`)
  const http = createHttp({ timeoutMs: 5_000 })
  onTestFinished(() => http.close())
  expect(await http.post({ url: 'https://hooks.example/', body: '{}', secrets: [] })).toEqual({
    kind: 'retry',
    answer: 'Proxy response (407) !== 200 when HTTP Tunneling'
  })
})

test('a token for Kafka is asked for through the proxy', async ({ onTestFinished }) => {
  const { port } = await serverOf(
    '{"access_token":"t","token_type":"Bearer","expires_in":300}',
    onTestFinished
  )
  const proxy = await openForwardProxy(onTestFinished)
  vi.stubEnv('HTTP_PROXY', proxy.url)
  const client = { tokenUrl: `http://${host}:${port}/token`, clientId: 'c', clientSecret: 's' }
  expect(await createTokens(client, { now: () => 0 })()).toBe('t')
  expect(proxy.passed).toEqual([`POST http://${host}:${port}/token`])
})

test('the store is asked through the proxy, an engine on this machine never', async ({ onTestFinished }) => {
  const { port } = await serverOf('1', onTestFinished)
  const proxy = await openForwardProxy(onTestFinished)
  vi.stubEnv('HTTP_PROXY', proxy.url)
  const far = connect({ url: `http://${host}:${port}`, user: 'u', password: 'p' })
  const near = connect({ url: `http://127.0.0.1:${port}`, user: 'u', password: 'p', isDirect: true })
  onTestFinished(() => Promise.all([far.close(), near.close()]).then(() => {}))
  expect(await far.run({ sql: 'SELECT 1', timeoutMs: 5_000 })).toBe('1')
  expect(proxy.passed).toHaveLength(1)
  expect(await near.run({ sql: 'SELECT 1', timeoutMs: 5_000 })).toBe('1')
  expect(proxy.passed).toHaveLength(1)
})
