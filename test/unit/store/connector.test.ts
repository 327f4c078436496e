import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { embeddedConnector } from '../../../src/store/connector.ts'
import type { Embedded } from '../../../src/store/embedded/open.ts'

interface Fake extends Embedded {
  /** Stops answering, as an engine that another process has ended. */
  end(): Promise<void>
}

async function fakeEngine(log: string[], name: string, alive = () => true): Promise<Fake> {
  const server = createServer((request, response) => {
    request.resume()
    log.push(`${name} answers`)
    response.end(`${name}\n`)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const end = () =>
    new Promise<void>(resolve => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    user: 'u',
    password: 'p',
    alive,
    end,
    close: async () => {
      log.push(`${name} closes`)
      await end()
    }
  }
}

const select = { sql: 'SELECT 1', timeoutMs: 5_000 }

test('an engine is opened once, and closed with the store', async () => {
  const log: string[] = []
  const connector = embeddedConnector('/folder', 'realtime', () => fakeEngine(log, 'one'))
  const [bare, full] = await Promise.all([connector.connect(true), connector.connect(false)])
  expect(await Promise.all([bare.run(select), full.run(select)])).toEqual(['one\n', 'one\n'])
  await connector.close()
  expect(log).toEqual(['one answers', 'one answers', 'one closes'])
  await expect(connector.connect(true)).rejects.toMatchObject({ code: 'UNREACHABLE', retryable: false })
})

test('a call that an ended engine refuses goes to the next one', async () => {
  const log: string[] = []
  const engines = [await fakeEngine(log, 'one'), await fakeEngine(log, 'two')]
  const connector = embeddedConnector('/folder', 'realtime', async () => engines.shift() as Fake)
  const [first] = engines
  const connection = await connector.connect(true)
  await first?.end()
  expect(await connection.run(select)).toBe('two\n')
  expect(log).toEqual(['one closes', 'two answers'])
  await connector.close()
})

test('an engine whose process has ended is opened again before the next call', async () => {
  const log: string[] = []
  let alive = true
  const engines = [await fakeEngine(log, 'one', () => alive), await fakeEngine(log, 'two')]
  const connector = embeddedConnector('/folder', 'realtime', async () => engines.shift() as Fake)
  expect(await (await connector.connect(true)).run(select)).toBe('one\n')
  alive = false
  expect(await (await connector.connect(true)).run(select)).toBe('two\n')
  await connector.close()
})

test('a start that failed is tried again by the next call', async () => {
  let starts = 0
  const connector = embeddedConnector('/folder', 'realtime', async () => {
    starts += 1
    if (starts === 1) throw new Error('no')
    return fakeEngine([], 'one')
  })
  await expect(connector.connect(true)).rejects.toThrow('no')
  expect(await (await connector.connect(true)).run(select)).toBe('one\n')
  await connector.close()
})
