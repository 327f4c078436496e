import { expect, test } from 'vitest'
import type { FromTenant, Question } from '../../../src/tenants/protocol.ts'
import type { Tenant } from '../../../src/tenants/tenant-files.ts'
import { type Child, createTenantProcess } from '../../../src/tenants/tenant-process.ts'
import { createManualClock } from '../../support/manual-clock.ts'
import { createRecordedLog } from '../../support/recorded-log.ts'

const tenant = { name: 'de', configPath: 't/de.yaml', env: {} } as Tenant

/** A tenant whose processes the test plays. */
function played() {
  const clock = createManualClock(0)
  const log = createRecordedLog()
  const children: {
    readonly asked: Question[]
    readonly signals: NodeJS.Signals[]
    readonly say: (message: FromTenant) => void
    readonly end: (how: string) => void
  }[] = []
  const restarts = { count: 0 }
  const process = createTenantProcess({
    tenant,
    clock,
    log,
    onRestart() {
      restarts.count += 1
    },
    start(): Child {
      const asked: Question[] = []
      const signals: NodeJS.Signals[] = []
      const { promise: ended, resolve: end } = Promise.withResolvers<string>()
      let hear: (message: FromTenant) => void = () => {}
      children.push({ asked, signals, say: message => hear(message), end })
      return {
        pid: children.length,
        ended,
        onMessage(listener) {
          hear = listener
        },
        send: question => void asked.push(question),
        kill: signal => void signals.push(signal)
      }
    }
  })
  return { clock, log, children, restarts, process }
}

test('runs once it listens', () => {
  const { process, children } = played()
  expect(process.state()).toMatchObject({ status: 'starting', pid: 1, address: null })
  children[0]?.say({ type: 'listening', address: 'http://127.0.0.1:81' })
  expect(process.state()).toMatchObject({ status: 'running', address: 'http://127.0.0.1:81', restarts: 0 })
})

test('is started again after 1, 2, 4 … 60 seconds when it ends by itself', async () => {
  const { process, children, clock, log, restarts } = played()
  const startedAt: number[] = []
  for (let count = 1; count <= 9; count += 1) {
    children.at(-1)?.end('code 1')
    await clock.advance(0)
    expect(process.state()).toMatchObject({ status: 'waiting', pid: null, lastEnd: 'code 1' })
    while (children.length === count) await clock.advance(500)
    startedAt.push(clock.now())
  }
  const pauses = startedAt.map((at, index) => (at - (startedAt[index - 1] ?? 0)) / 1_000)
  expect(pauses).toEqual([1, 2, 4, 8, 16, 32, 60, 60, 60])
  expect([process.state().restarts, restarts.count, log.lines.length]).toEqual([9, 9, 9])
})

test('is soon started again where it had run for ten minutes', async () => {
  const { children, clock } = played()
  for (const count of [1, 2, 3]) {
    children.at(-1)?.end('code 1')
    await clock.advance(2 ** count * 1_000)
  }
  await clock.advance(600_000)
  children.at(-1)?.end('killed')
  await clock.advance(999)
  expect(children.length).toBe(4)
  await clock.advance(1)
  expect(children.length).toBe(5)
})

test('answers what it is asked, or says why not', async () => {
  const { process, children, clock } = played()
  const answered = process.ask('status')
  const refused = process.ask('status')
  const late = process.ask('health')
  const [one, two] = children[0]?.asked ?? []
  children[0]?.say({ type: 'no_answer', id: two?.id ?? 0, why: 'no metrics' })
  children[0]?.say({ type: 'answer', id: one?.id ?? 0, answer: '{}' })
  expect(await answered).toBe('{}')
  await expect(refused).rejects.toThrow('no metrics')
  const outcome = expect(late).rejects.toThrow('no answer within 9 s')
  await clock.advance(9_000)
  await outcome
})

test('lets nobody wait for a process that has ended', async () => {
  const { process, children } = played()
  const asked = process.ask('status')
  children[0]?.end('killed')
  await expect(asked).rejects.toThrow('killed')
  await expect(process.ask('status')).rejects.toThrow('killed')
})

test('stops: asks it to, kills it where it does not, and starts no other', async () => {
  const { process, children, clock } = played()
  const stopped = process.stop()
  expect(children[0]?.signals).toEqual(['SIGTERM'])
  await clock.advance(11_000)
  expect(children[0]?.signals).toEqual(['SIGTERM', 'SIGKILL'])
  children[0]?.end('killed')
  await stopped
  await clock.advance(120_000)
  expect([process.state().status, children.length]).toEqual(['stopped', 1])
})

test('stops at once while it waits to be started again', async () => {
  const { process, children, clock } = played()
  children[0]?.end('code 1')
  await clock.advance(500)
  await process.stop()
  await clock.advance(120_000)
  expect([process.state().status, children.length]).toEqual(['stopped', 1])
})
