import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { createPing } from '../../../src/channel/heartbeat/ping.ts'
import { createHttp } from '../../../src/channel/http.ts'
import type { SendResult } from '../../../src/delivery/channel.ts'
import { createHeartbeats } from '../../../src/selfcheck/heartbeat.ts'
import { epoch } from '../../support/alerts.ts'
import { gone, retry, sentAs } from '../../support/delivery.ts'
import { createManualClock } from '../../support/manual-clock.ts'

const beats = new Map([
  ['often', { url: 'https://watch.example/often', everyMs: 60_000 }],
  ['seldom', { url: 'https://watch.example/seldom', everyMs: 300_000 }]
])

/** Heartbeats that get these answers, and are accepted afterwards; `log` has each ping with its second. */
function setUp(answers: readonly SendResult[] = [], all = beats) {
  const clock = createManualClock(epoch)
  const script = [...answers]
  const log: string[] = []
  const logged: string[] = []
  const counted: string[] = []
  const leave = { maySend: async () => {} }
  const heartbeats = createHeartbeats({
    targets: all,
    async ping({ url }) {
      log.push(`${(clock.now() - epoch) / 1_000} ${url.split('/').at(-1)}`)
      return script.shift() ?? sentAs(undefined)
    },
    maySend: () => leave.maySend(),
    clock,
    log: {
      debug() {},
      info: ({ heartbeat }, message) => logged.push(`${heartbeat}: ${message}`),
      warn: ({ heartbeat, answer }, message) => logged.push(`${heartbeat}: ${message}, ${answer}`),
      error() {}
    },
    onPing: (name, result) => counted.push(`${name} ${result}`)
  })
  /** Windows close, `ms` apart. */
  const close = async (...ms: readonly number[]) => {
    for (const wait of ms) {
      await clock.advance(wait)
      heartbeats.windowsClosed()
      await clock.advance(0)
    }
  }
  return { clock, log, logged, counted, leave, heartbeats, close }
}

const oneOnly = new Map([...beats].slice(0, 1))

test('windows that close ping each watch at most as often as it wants', async () => {
  const { log, close } = setUp()
  await close(0, 20_000, 20_000, 20_000, 60_000, 60_000, 60_000, 60_000)
  expect(log).toEqual([
    '0 often',
    '0 seldom',
    '60 often',
    '120 often',
    '180 often',
    '240 often',
    '300 often',
    '300 seldom'
  ])
})

test('nothing is pinged while no window closes', async () => {
  const { clock, log, close } = setUp([], oneOnly)
  await close(0)
  await clock.advance(3_600_000)
  expect(log).toEqual(['0 often'])
})

test('a window that closes a little early pings nevertheless', async () => {
  const { log, close } = setUp([], oneOnly)
  await close(0, 54_000, 53_999)
  expect(log).toEqual(['0 often', '54 often'])
})

test('a failure is tried again with the next window, logged once, counted each time, and its end logged', async () => {
  const { log, logged, counted, close } = setUp([retry, gone], oneOnly)
  await close(0, 1_000, 1_000)
  expect(log).toEqual(['0 often', '1 often', '2 often'])
  expect(logged).toEqual(['often: heartbeat not accepted, 500', 'often: heartbeat accepted again'])
  expect(counted).toEqual(['often retry', 'often refused', 'often sent'])
})

test('nothing is pinged by an instance that may have lost the work', async () => {
  const { log, leave, close } = setUp([], oneOnly)
  leave.maySend = () => Promise.reject(new Error('not ours'))
  await close(0)
  expect(log).toEqual([])
  leave.maySend = async () => {}
  await close(1_000)
  expect(log).toEqual(['1 often'])
})

test('a watch that does not answer is asked once at a time', async () => {
  const { log, leave, close } = setUp([], oneOnly)
  leave.maySend = () => new Promise(() => {})
  await close(0)
  leave.maySend = async () => {}
  await close(60_000)
  expect(log).toEqual([])
})

test('an age counts from the last ping that was accepted, and goes with its watch', async () => {
  const { clock, heartbeats, close } = setUp([sentAs(undefined), retry])
  await close(0)
  expect([...heartbeats.ages()]).toEqual([['often', 0]])
  await clock.advance(45_000)
  expect([...heartbeats.ages()]).toEqual([['often', 45_000]])
  heartbeats.reload(new Map())
  expect([...heartbeats.ages()]).toEqual([])
})

test('a ping is a POST whose answer shows no part of the URL', async () => {
  const seen: string[] = []
  const server = createServer((request, response) => {
    seen.push(`${request.method} ${request.url}`)
    response.writeHead(404).end(`nothing at ${request.url}`)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const http = createHttp({ timeoutMs: 5_000 })
  const ping = createPing(http)
  expect(await ping({ url: `http://127.0.0.1:${port}/ping/0123456789abcdef` })).toEqual({
    kind: 'refused',
    status: 404,
    answer: '404 nothing at ***'
  })
  expect(seen).toEqual(['POST /ping/0123456789abcdef'])
  await http.close()
  await new Promise(resolve => server.close(resolve))
})
