import { connect } from 'node:net'
import { afterEach, describe, expect, test } from 'vitest'
import { createSendFigures } from '../../../src/delivery/send-figures.ts'
import type { Component, Readiness, Web } from '../../../src/web/types.ts'
import { createWeb, type WebOptions } from '../../../src/web/web.ts'
import { closedInbound, configOf } from '../../support/inbound.ts'

const open: Web[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map(web => web.close()))
})

const ready: Readiness = { components: { kafka: { status: 'ok' } }, receivers: {} }
const httpOf = (given: Partial<WebOptions['http']> = {}) => ({ ...configOf().http, port: 0, ...given })

async function start(options: Partial<WebOptions> = {}): Promise<string> {
  const web = createWeb({
    http: httpOf(),
    readiness: () => ready,
    sends: createSendFigures().now,
    status: async of => `{"of":"${of}"}`,
    metrics: async () => 'cartwatch_open_windows 2\n',
    metricsType: 'text/plain; version=0.0.4; charset=utf-8',
    inbound: closedInbound(),
    ...options
  })
  open.push(web)
  return web.listen()
}

async function readyz(components: Record<string, Component>, receivers: Record<string, Component> = {}) {
  const response = await fetch(`${await start({ readiness: () => ({ components, receivers }) })}/readyz`)
  return { code: response.status, page: await response.json() }
}

describe('/health', () => {
  const health = async (
    receivers: Record<string, Component>,
    kafka: Component['status'],
    figures = createSendFigures()
  ) => {
    const readiness = () => ({ components: { kafka: { status: kafka } }, receivers })
    const response = await fetch(`${await start({ readiness, sends: figures.now })}/health`)
    return { code: response.status, page: await response.json() }
  }

  test('gives the overall status, every component and how sending went', async () => {
    const figures = createSendFigures()
    for (const outcome of ['sent', 'sent', 'refused', 'pending', 'muted'] as const)
      figures.noteOutcome(outcome)
    for (let time = 1; time <= 40; time++) figures.noteTry(time * 10)
    expect(await health({ slack: { status: 'ok' } }, 'warming_up', figures)).toEqual({
      code: 200,
      page: {
        overall_status: 'healthy',
        components: { kafka: { status: 'warming_up' }, receivers: { slack: { status: 'ok' } } },
        total_notifications: 3,
        success_rate: 0.6667,
        avg_response_time_ms: 205,
        p95_response_time_ms: 380
      }
    })
  })

  test('has no rates before the first message', async () => {
    expect((await health({}, 'standby')).page).toEqual({
      overall_status: 'healthy',
      components: { kafka: { status: 'standby' }, receivers: {} },
      total_notifications: 0,
      success_rate: null,
      avg_response_time_ms: null,
      p95_response_time_ms: null
    })
  })

  test.each<[string, Component['status'], Component['status'], number]>([
    ['degraded', 'failed', 'ok', 200],
    ['unhealthy', 'ok', 'failed', 503],
    ['unhealthy', 'ok', 'waiting', 503]
  ])('is %s with a receiver that is %s and a component that is %s', async (status, receiver, kafka, code) => {
    const { code: actual, page } = await health({ slack: { status: receiver } }, kafka)
    expect({ actual, page }).toMatchObject({ actual: code, page: { overall_status: status } })
  })
})

describe('/readyz', () => {
  test('shows every component and is 200 where each is ready', async () => {
    expect(
      await readyz(
        { kafka: { status: 'ok', detail: '3 partitions' }, store: { status: 'ok' } },
        { slack: { status: 'ok' } }
      )
    ).toEqual({
      code: 200,
      page: {
        status: 'ready',
        components: {
          kafka: { status: 'ok', detail: '3 partitions' },
          store: { status: 'ok' },
          receivers: { slack: { status: 'ok' } }
        }
      }
    })
  })

  test.each(['waiting', 'failed'] as const)('is 503 where a component is %s', async status => {
    const { code, page } = await readyz({ kafka: { status: 'ok' }, store: { status, detail: 'no answer' } })
    expect(code).toBe(503)
    expect(page).toMatchObject({
      status: 'not_ready',
      components: { store: { status, detail: 'no answer' } }
    })
  })

  test('shows as escapes what a terminal would obey', async () => {
    const detail = 'refused: \u001b[2J\u009b31m\u202e'
    const readiness = () => ({ components: { store: { status: 'ok' as const, detail } }, receivers: {} })
    const text = await (await fetch(`${await start({ readiness })}/readyz`)).text()
    expect(text).toMatch(/^[\x20-\x7e]+$/)
    expect(JSON.parse(text)).toMatchObject({ components: { store: { detail } } })
  })

  test.each(['standby', 'warming_up'] as const)('is 200 for an instance that is %s', async status => {
    expect((await readyz({ kafka: { status } })).code).toBe(200)
  })

  test('is 200 where only receivers fail, and shows them', async () => {
    const { code, page } = await readyz(
      { kafka: { status: 'ok' } },
      { pager: { status: 'failed', detail: '429' } }
    )
    expect(code).toBe(200)
    expect(page).toMatchObject({ components: { receivers: { pager: { status: 'failed', detail: '429' } } } })
  })

  test('asks anew at every request', async () => {
    let status: Component['status'] = 'waiting'
    const url = await start({ readiness: () => ({ components: { kafka: { status } }, receivers: {} }) })
    expect((await fetch(`${url}/readyz`)).status).toBe(503)
    status = 'ok'
    expect((await fetch(`${url}/readyz`)).status).toBe(200)
  })
})

describe('the other pages', () => {
  test('/healthz says alive, whatever is ready', async () => {
    const url = await start({
      readiness: () => ({ components: { kafka: { status: 'failed' } }, receivers: {} })
    })
    const response = await fetch(`${url}/healthz`)
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({ status: 'alive' })
  })

  test('/status is of the group, or of the instance where that is asked for', async () => {
    const url = await start()
    const pages = await Promise.all(
      ['/status', '/status?of=own', '/status?of=own&of=x'].map(path => fetch(`${url}${path}`))
    )
    expect(await Promise.all(pages.map(page => page.json()))).toEqual([
      { of: 'group' },
      { of: 'own' },
      { of: 'group' }
    ])
  })

  test('/metrics gives the page with its type', async () => {
    const response = await fetch(`${await start()}/metrics`)
    expect(response.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8')
    expect(await response.text()).toBe('cartwatch_open_windows 2\n')
  })

  test('an unknown path, and another method than GET, is 404 in JSON', async () => {
    const url = await start()
    for (const response of [await fetch(`${url}/admin`), await fetch(`${url}/readyz`, { method: 'POST' })]) {
      expect(response.status).toBe(404)
      expect(await response.json()).toEqual({
        error: 'not_found',
        message:
          'There are the page at /, its API (GET /api/openapi.json), and GET /health, /healthz, /readyz, /status and /metrics.'
      })
    }
  })

  test('a broken request is answered without an echo of it', async () => {
    const url = await start()
    const response = await fetch(`${url}/%zz`)
    expect(response.status).toBe(400)
    expect(await response.text()).not.toContain('zz')
  })

  test('a fault within is a 500 that tells nothing of itself', async () => {
    const url = await start({ metrics: () => Promise.reject(new Error('password=hunter2')) })
    const response = await fetch(`${url}/metrics`)
    expect(response.status).toBe(500)
    expect(await response.text()).toBe('{"error":"internal"}')
  })

  test('a body of more than a kilobyte is refused', async () => {
    const url = await start()
    const response = await fetch(`${url}/healthz`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify('x'.repeat(2_000))
    })
    expect(response.status).toBeGreaterThanOrEqual(400)
    expect(response.status).toBeLessThan(500)
  })
})

describe('the port', () => {
  test('that is taken is a fault that names it', async () => {
    const port = Number(new URL(await start()).port)
    await expect(start({ http: httpOf({ port }) })).rejects.toMatchObject({
      code: 'PORT_TAKEN',
      retryable: false,
      message: `port ${port} on 127.0.0.1 is taken: another program listens there`
    })
  })

  test('on a foreign address is a fault that names the address', async () => {
    await expect(start({ http: httpOf({ host: '192.0.2.1' }) })).rejects.toMatchObject({
      code: 'HOST_UNKNOWN'
    })
  })

  test('is free again after close, even while a client holds a connection', async () => {
    const url = await start()
    const { port } = new URL(url)
    const client = connect(Number(port), '127.0.0.1')
    await new Promise(resolve => client.once('connect', resolve))
    const closed = new Promise(resolve => client.once('close', resolve))
    await open.splice(0)[0]?.close()
    await closed
    await expect(start({ http: httpOf({ port: Number(port) }) })).resolves.toBe(`http://127.0.0.1:${port}`)
  })
})

test('connections that do nothing keep no health check out', async ({ onTestFinished }) => {
  const url = await start()
  const port = Number(new URL(url).port)
  const idle = Array.from({ length: 100 }, (_, index) => {
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => socket.destroy())
    // Every second one drips: it has announced a body that does not come.
    if (index % 2 === 1) socket.write('POST /a/b HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nx')
    return socket
  })
  onTestFinished(() => {
    for (const socket of idle) socket.destroy()
  })
  await Promise.all(idle.map(socket => new Promise(resolve => socket.once('connect', resolve))))
  for (let asked = 0; asked < 3; asked++) expect((await fetch(`${url}/healthz`)).status).toBe(200)
})
