import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'

interface Queue {
  maybeThrottle(ms: number): void
  push(request: {
    entry: { correlationId: number; resolve?: () => void; reject?: () => void }
    expectResponse: boolean
    sendRequest: () => void
  }): void
  scheduleRequestTimeoutCheck(): void
  destroy(): void
  receivedAt: number
  fulfillRequest(response: { correlationId: number; payload: Buffer; size: number }): void
}

const RequestQueue = createRequire(import.meta.url)('kafkajs/src/network/requestQueue') as new (
  options: object
) => Queue

const createPools = createRequire(import.meta.url)('kafkajs/src/cluster/connectionPoolBuilder') as (
  options: object
) => { build(): Promise<object> }

const logger = { debug() {}, warn() {} }

function queueWithSent() {
  const queue = new RequestQueue({ maxInFlightRequests: 1, requestTimeout: 1_000, logger })
  const sent: number[] = []
  const push = (correlationId: number) =>
    queue.push({
      entry: { correlationId, resolve() {}, reject() {} } as { correlationId: number },
      expectResponse: true,
      sendRequest: () => sent.push(correlationId)
    })
  const answer = (correlationId: number) =>
    queue.fulfillRequest({ correlationId, payload: Buffer.alloc(0), size: 0 })
  return { queue, sent, push, answer }
}

describe('the request queue of the patched KafkaJS', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  test('schedules no timer once the last request is answered', () => {
    const { sent, push, answer } = queueWithSent()
    push(1)
    answer(1)
    expect([sent, vi.getTimerCount()]).toEqual([[1], 0])
  })

  test('still schedules a check while a request is pending', () => {
    const { sent, push, answer } = queueWithSent()
    push(1)
    push(2)
    expect([sent, vi.getTimerCount()]).toEqual([[1], 1])
    answer(1)
    expect(sent).toEqual([1, 2])
  })

  test('still sends a request that the broker throttled when the throttling ends', () => {
    const { queue, sent, push } = queueWithSent()
    queue.maybeThrottle(500)
    push(1)
    vi.advanceTimersByTime(499)
    expect(sent).toEqual([])
    vi.advanceTimersByTime(1)
    expect(sent).toEqual([1])
  })
})

describe('a request of the patched KafkaJS', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  /** How many seconds a request lives whose answer goes on coming until `receiveS`. */
  async function livesFor(receiveS: number): Promise<number> {
    const queue = new RequestQueue({ requestTimeout: 1_000, enforceRequestTimeout: true, logger })
    const ended: number[] = []
    queue.scheduleRequestTimeoutCheck()
    queue.push({
      entry: { correlationId: 1, resolve() {}, reject: () => void ended.push(performance.now()) },
      expectResponse: true,
      sendRequest() {}
    })
    const sentAt = performance.now()
    for (let ms = 0; ended.length === 0; ms += 50) {
      if (ms <= receiveS * 1_000) queue.receivedAt = performance.now()
      vi.advanceTimersByTime(50)
    }
    queue.destroy()
    return Math.floor(((ended[0] ?? 0) - sentAt) / 1_000)
  }

  test('whose answer goes on coming is not given up, up to ten times its time', async () => {
    expect([await livesFor(-1), await livesFor(4), await livesFor(60)]).toEqual([1, 5, 10])
  })
})

interface Group {
  generationId: number
  memberId: string | null
  commitOffsets(offsets: object): Promise<void>
}

const Runner = createRequire(import.meta.url)('kafkajs/src/consumer/runner') as new (options: {
  readonly consumerGroup: Group
  readonly logger: { namespace(): object }
  readonly retry: object
}) => { running: boolean; commitOffsets(offsets: object): Promise<void> }

describe('a commit of the patched KafkaJS that failed', () => {
  /** The group refuses once, and is joined by us before the next try, as `rejoin` says. */
  async function commits(rejoin: (group: Group) => void): Promise<number> {
    let tries = 0
    const consumerGroup: Group = {
      generationId: 1,
      memberId: 'm',
      async commitOffsets() {
        tries += 1
        if (tries > 1) return
        rejoin(consumerGroup)
        throw new Error('refused')
      }
    }
    const logger = { namespace: () => ({ debug() {}, namespace: () => ({ debug() {} }) }) }
    const runner = new Runner({ consumerGroup, logger, retry: { retries: 3, initialRetryTime: 1 } })
    runner.running = true
    await runner.commitOffsets({}).catch(() => undefined)
    return tries
  }

  test('is tried again while our place in the group is the same', async () => {
    expect(await commits(() => {})).toBe(2)
  })

  test.each<[string, Partial<Group>]>([
    ['generation', { generationId: 2 }],
    ['name', { memberId: 'n' }]
  ])(
    'is not tried again with another %s: its offsets may be behind those of another member',
    async (_, anew) => {
      expect(await commits(group => Object.assign(group, anew))).toBe(1)
    }
  )
})

test.each([
  ['kafka:9092', 'kafka', 9092],
  ['10.0.0.7:19092', '10.0.0.7', 19_092],
  ['[::1]:9092', '::1', 9092],
  ['[2001:db8::7]:443', '2001:db8::7', 443]
])('the patched KafkaJS connects to %s at the host %s', async (broker, host, port) => {
  const pool = await createPools({ brokers: [broker], logger: { namespace: () => logger } }).build()
  expect(pool).toMatchObject({ host, port })
})

test('the patches, applied again, change nothing and are no error', () => {
  const root = fileURLToPath(new URL('../../../..', import.meta.url))
  const installed = () => readFileSync(createRequire(import.meta.url).resolve('kafkajs'), 'utf8')
  const before = installed()
  expect(execFileSync(process.execPath, ['scripts/patch-modules.js'], { cwd: root }).toString()).toBe('')
  expect(installed()).toBe(before)
})

test('KafkaJS is imported by plain Node, as the sources import it', () => {
  const script = `import kafkajs from 'kafkajs'
    import { registerCodecs } from './src/source/kafka/codecs.ts'
    registerCodecs(kafkajs)
    console.log(typeof kafkajs.Kafka, typeof kafkajs.CompressionCodecs[3]().decompress)`
  const root = new URL('../../../..', import.meta.url)
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', script], { cwd: root })
  expect(output.toString()).toBe('function function\n')
})
