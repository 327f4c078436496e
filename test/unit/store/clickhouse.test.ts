import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { type Connection, connect } from '../../../src/store/clickhouse.ts'

type Handler = (request: IncomingMessage, response: ServerResponse, body: string) => void

const closing: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

/** A connection to a server that answers so. */
async function connectTo(
  handler: Handler,
  password = 'hunter2-secret'
): Promise<Connection & { url: string }> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
    handler(request, response, Buffer.concat(chunks).toString())
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const connection = connect({ url, user: 'shopkeeper', password })
  closing.push(async () => {
    await connection.close()
    server.closeAllConnections()
    server.close()
  })
  return { ...connection, url }
}

const refuse = (response: ServerResponse, status: number, code: number, text: string) => {
  response.writeHead(status, { 'X-ClickHouse-Exception-Code': String(code) })
  response.end(`Code: ${code}. DB::Exception: ${text}\n`)
}

async function read(stream: AsyncIterable<Uint8Array>): Promise<string> {
  let text = ''
  for await (const chunk of stream) text += Buffer.from(chunk).toString()
  return text
}

const select = { sql: 'SELECT 1', timeoutMs: 5_000 }

describe('a statement', () => {
  test('goes with its parameters, settings and format, and rows in the body', async () => {
    const seen: unknown[] = []
    const connection = await connectTo((request, response, body) => {
      const search = new URL(request.url ?? '', 'http://x').searchParams
      search.delete('query_id')
      seen.push([Object.fromEntries(search), body])
      response.end('1\n')
    })
    await connection.run({
      ...select,
      params: { p: "a'b" },
      settings: { final: 1 },
      format: 'TabSeparated'
    })
    await connection.run({
      sql: 'INSERT INTO t FORMAT JSONCompactEachRow',
      lines: '["é"]\n',
      timeoutMs: 5_000
    })
    expect(seen).toEqual([
      [{ param_p: "a\\'b", final: '1', default_format: 'TabSeparated' }, 'SELECT 1'],
      [{ query: 'INSERT INTO t FORMAT JSONCompactEachRow' }, '["é"]\n']
    ])
  })

  test('is sent once more where the server closed the idle connection in that moment', async () => {
    let requests = 0
    const connection = await connectTo((request, response) => {
      requests += 1
      if (requests === 1) request.socket.resetAndDestroy()
      else response.end('1\n')
    })
    expect(await connection.run(select)).toBe('1\n')
    expect(requests).toBe(2)
  })

  test('of a user is never sent twice', async () => {
    let requests = 0
    const connection = await connectTo(request => {
      requests += 1
      request.socket.resetAndDestroy()
    })
    await expect(connection.stream(select)).rejects.toMatchObject({ code: 'UNREACHABLE', retryable: true })
    expect(requests).toBe(1)
  })
})

test('a connection names its database, where it has one', async () => {
  const databases: (string | null)[] = []
  const { url } = await connectTo((request, response) => {
    databases.push(new URL(request.url ?? '', 'http://x').searchParams.get('database'))
    response.end('1\n')
  })
  for (const own of [{ database: 'shop' }, {}]) {
    const connection = connect({ url, user: 'shopkeeper', password: 'x', ...own })
    await connection.run(select)
    await connection.close()
  }
  expect(databases).toEqual(['shop', null])
})

test('a stream that is left early is read no further', async () => {
  const left = Promise.withResolvers<void>()
  const connection = await connectTo((_, response) => {
    response.on('close', left.resolve)
    response.write('1\n'.repeat(100_000))
  })
  for await (const _ of await connection.stream(select)) break
  await left.promise
})

describe('a fault', () => {
  test('of a wrong password names user and address, and no secret', async () => {
    const connection = await connectTo((_, response) =>
      refuse(
        response,
        403,
        516,
        'shopkeeper: Authentication failed: password is incorrect (AUTHENTICATION_FAILED)'
      )
    )
    for (const call of [connection.run(select), connection.stream(select)])
      await expect(call).rejects.toMatchObject({
        code: 'AUTHENTICATION',
        retryable: false,
        message: `ClickHouse at ${connection.url} refused the user "shopkeeper": wrong user name or password (code 516)`
      })
  })

  test("of a query is ClickHouse's own text", async () => {
    const connection = await connectTo((_, response) =>
      refuse(response, 404, 60, 'Unknown table (UNKNOWN_TABLE)')
    )
    for (const call of [connection.run(select), connection.stream(select)])
      await expect(call).rejects.toMatchObject({
        code: 'QUERY',
        retryable: false,
        message: 'Code: 60. DB::Exception: Unknown table (UNKNOWN_TABLE)'
      })
  })

  test('without a code in the headers has that of its text', async () => {
    const connection = await connectTo((_, response) =>
      response.writeHead(500).end('Code: 516. DB::Exception: shopkeeper: Authentication failed\n')
    )
    await expect(connection.run(select)).rejects.toMatchObject({ code: 'AUTHENTICATION', retryable: false })
  })

  test('whose text does not end is cut', async () => {
    const connection = await connectTo((_, response) => {
      response.writeHead(400, { 'X-ClickHouse-Exception-Code': '62' })
      response.write(`Code: 62. DB::Exception: ${'x'.repeat(100_000)}`)
    })
    await expect(connection.stream(select)).rejects.toMatchObject({ code: 'QUERY' })
  })

  test('that passes, such as a lack of memory, can be tried again', async () => {
    const connection = await connectTo((_, response) =>
      refuse(response, 500, 241, 'x (MEMORY_LIMIT_EXCEEDED)')
    )
    await expect(connection.run(select)).rejects.toMatchObject({ code: 'QUERY', retryable: true })
  })

  test('of a proxy before ClickHouse is that it cannot be reached', async () => {
    const connection = await connectTo((_, response) => response.writeHead(502).end('Bad gateway'))
    await expect(connection.run(select)).rejects.toMatchObject({ code: 'UNREACHABLE', retryable: true })
  })

  test('is also status 200 with a code in the headers', async () => {
    const connection = await connectTo((_, response) => refuse(response, 200, 159, 'x (TIMEOUT_EXCEEDED)'))
    await expect(connection.run(select)).rejects.toMatchObject({ code: 'TIMEOUT', retryable: true })
  })

  test.each([
    [undefined, '1\n2\nCode: 395. DB::Exception: boom. (FUNCTION_THROW_IF) (version 24.8.1.1)\n'],
    [
      'ABCDEFGHIJKLMNOP',
      '1\n2\n\r\n__exception__\r\nABCDEFGHIJKLMNOP\r\nCode: 395. DB::Exception: boom. (FUNCTION_THROW_IF)\n57 ABCDEFGHIJKLMNOP\r\n__exception__\r\n'
    ]
  ])('is also an exception behind rows of an answer with status 200, tag %j', async (tag, body) => {
    const connection = await connectTo((_, response) => {
      if (tag) response.setHeader('X-ClickHouse-Exception-Tag', tag)
      response.end(body)
    })
    const fault = { code: 'QUERY', message: expect.stringContaining('Code: 395. DB::Exception: boom.') }
    await expect(connection.run(select)).rejects.toMatchObject(fault)
    const rows: string[] = []
    const streamed = async () => {
      for await (const chunk of await connection.stream(select)) rows.push(Buffer.from(chunk).toString())
    }
    await expect(streamed()).rejects.toMatchObject(fault)
    expect(rows.join('').trimEnd()).toBe('1\n2')
  })

  test('is a body that is cut short', async () => {
    const connection = await connectTo((request, response) => {
      response.writeHead(200, { 'Content-Length': '100' })
      response.write('1\n', () => request.socket.destroy())
    })
    await expect(connection.run(select)).rejects.toMatchObject({ code: 'UNREACHABLE', retryable: true })
    await expect(connection.stream(select).then(read)).rejects.toMatchObject({ code: 'UNREACHABLE' })
  })

  test('of nobody listening is that it cannot be reached', async () => {
    const connection = connect({ url: 'http://127.0.0.1:1', user: 'shopkeeper', password: 'hunter2-secret' })
    await expect(connection.run(select)).rejects.toMatchObject({
      code: 'UNREACHABLE',
      retryable: true,
      message: 'ClickHouse at http://127.0.0.1:1 cannot be reached: connect ECONNREFUSED 127.0.0.1:1'
    })
    await connection.close()
  })

  test('of a server that never answers, or never ends, is a timeout', async () => {
    const silent = await connectTo(() => {})
    const endless = await connectTo((_, response) => {
      response.writeHead(200)
      response.write('1\n')
    })
    const fault = { code: 'TIMEOUT', retryable: true }
    const soon = { sql: 'SELECT 1', timeoutMs: 30 }
    await expect(silent.run(soon)).rejects.toMatchObject(fault)
    await expect(silent.stream(soon)).rejects.toMatchObject(fault)
    await expect(endless.run(soon)).rejects.toMatchObject(fault)
    await expect(endless.stream(soon).then(read)).rejects.toMatchObject(fault)
  })
})
