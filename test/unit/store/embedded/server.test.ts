import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterEach, expect, test } from 'vitest'
import type { Engine, EngineAnswer, EngineRequest } from '../../../../src/store/embedded/engine.ts'
import { createHttpServer } from '../../../../src/store/embedded/server.ts'

const closing: (() => void)[] = []
afterEach(() => {
  for (const close of closing.splice(0)) close()
})

async function serve(answer: EngineAnswer = { rows: Buffer.from('1\n') }) {
  const seen: EngineRequest[] = []
  const engine: Engine = {
    async run(request) {
      seen.push(request)
      return answer
    },
    idle: async () => {}
  }
  const server = createHttpServer(engine, { user: 'cartwatch', password: 'tökén:x' })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => server.close())
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen }
}

const basic = (user: string, password: string) => ({
  Authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
})
const authorized = basic('cartwatch', 'tökén:x')

test('a ping is answered to anyone, but not with a wrong password', async () => {
  const { url } = await serve()
  const ping = async (headers: Record<string, string>) => {
    const response = await fetch(`${url}/ping`, { headers })
    return [response.status, await response.text()]
  }
  expect(await ping({})).toEqual([200, 'Ok.\n'])
  expect(await ping(authorized)).toEqual([200, 'Ok.\n'])
  expect((await ping(basic('cartwatch', 'other')))[0]).toBe(403)
})

test.each([
  [{}, 'default'],
  [basic('cartwatch', 'token'), 'cartwatch'],
  [basic('cartwatch', ''), 'cartwatch'],
  [{ 'X-ClickHouse-User': 'eve', 'X-ClickHouse-Key': 'tökén:x' }, 'eve']
])('SQL without the right password is refused as ClickHouse refuses it: %j', async (headers, name) => {
  const { url, seen } = await serve()
  const sent = Object.fromEntries(
    Object.entries(headers).map(([key, value]) => [key, Buffer.from(value).toString('latin1')])
  )
  const response = await fetch(url, { method: 'POST', headers: sent, body: 'SELECT 1' })
  expect(response.status).toBe(403)
  expect(response.headers.get('x-clickhouse-exception-code')).toBe('516')
  expect(await response.text()).toBe(
    `Code: 516. DB::Exception: ${name}: Authentication failed: password is incorrect, or there is no user with such name. (AUTHENTICATION_FAILED)\n`
  )
  expect(seen).toEqual([])
})

test('a statement comes with its data, parameters, settings, format and database', async () => {
  const { url, seen } = await serve()
  const search = new URLSearchParams({
    query: 'INSERT INTO t FORMAT JSONEachRow',
    database: 'realtime',
    default_format: 'JSON',
    wait_end_of_query: '1',
    query_id: 'q1',
    final: '1',
    param_p: "a\\tb\\nc\\\\d\\'e"
  })
  const response = await fetch(`${url}/?${search}`, {
    method: 'POST',
    headers: { ...authorized, 'Content-Encoding': 'gzip' },
    body: gzipSync('{"a":"é"}\n')
  })
  expect(await response.text()).toBe('1\n')
  expect(response.headers.get('x-clickhouse-query-id')).toBe('q1')
  expect(seen).toEqual([
    {
      sql: 'INSERT INTO t FORMAT JSONEachRow',
      body: '{"a":"é"}\n',
      format: 'JSON',
      database: 'realtime',
      settings: new Map([['final', '1']]),
      params: new Map([['p', "a\tb\nc\\d'e"]])
    }
  ])
})

test('a statement alone is the body, or a GET', async () => {
  const { url, seen } = await serve()
  await fetch(url, { method: 'POST', headers: authorized, body: 'SELECT 1' })
  await fetch(`${url}/?query=SELECT%202`, { headers: authorized })
  expect(seen.map(request => [request.sql, request.body, request.format])).toEqual([
    ['SELECT 1', '', 'TabSeparated'],
    ['SELECT 2', '', 'TabSeparated']
  ])
})

test("the engine's error has ClickHouse's status, header and text", async () => {
  const { url } = await serve({ refusal: { status: 404, code: 60, body: 'Code: 60. DB::Exception: no\n' } })
  const response = await fetch(url, { method: 'POST', headers: authorized, body: 'SELECT 1' })
  expect([
    response.status,
    response.headers.get('x-clickhouse-exception-code'),
    await response.text()
  ]).toEqual([404, '60', 'Code: 60. DB::Exception: no\n'])
})
