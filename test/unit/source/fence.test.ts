import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createFence } from '../../../src/source/fence.ts'
import { createManualClock } from '../../support/manual-clock.ts'
import { createRecordedLog } from '../../support/recorded-log.ts'

/** A fence of a session of 9 s, which shuts after 3 s, and what became of each that asked it. */
function fenced(clocks: { wall?: number; monotonic?: number } = {}) {
  const clock = createManualClock(1_000_000)
  const fence = createFence({
    sessionTimeoutMs: 9_000,
    clock: {
      ...clock,
      now: () => clock.now() + (clocks.wall ?? 0),
      monotonic: () => clock.monotonic() + (clocks.monotonic ?? 0)
    },
    log: createRecordedLog()
  })
  const asked: string[] = []
  return {
    clock,
    fence,
    asked,
    async ask() {
      const index = asked.push('waits') - 1
      const end = (as: string) => () => {
        asked[index] = as
      }
      void fence.pass().then(end('passes'), end('is refused'))
      await clock.advance(0)
    }
  }
}

test('whoever asks passes while the process runs, whatever the group answers', async () => {
  const { fence, clock, ask, asked } = fenced()
  fence.joined()
  await clock.advance(60_000)
  await ask()
  expect(asked).toEqual(['passes'])
})

test('what is asked first after a gap waits, before any timer has run, until the second heartbeat is answered', async () => {
  const { fence, clock, ask, asked } = fenced()
  fence.joined()
  await clock.advance(1_000)
  clock.stand(3_001)
  await ask()
  expect(asked).toEqual(['waits'])
  fence.heartbeat()
  await ask()
  expect(asked).toEqual(['waits', 'waits'])
  fence.heartbeat()
  await ask()
  expect(asked).toEqual(['passes', 'passes', 'passes'])
})

test('a heartbeat that is answered as the first thing after a gap is the first of the two', async () => {
  const { fence, clock, ask, asked } = fenced()
  fence.joined()
  clock.stand(3_001)
  fence.heartbeat()
  await ask()
  expect(asked).toEqual(['waits'])
})

test('a gap that a timer sees first is not forgotten, and a second gap asks for two heartbeats again', async () => {
  const { fence, clock, ask, asked } = fenced()
  fence.joined()
  clock.stand(3_001)
  await clock.advance(1_000)
  await ask()
  fence.heartbeat()
  clock.stand(3_001)
  fence.heartbeat()
  await clock.advance(0)
  expect(asked).toEqual(['waits'])
  fence.heartbeat()
  await clock.advance(0)
  expect(asked).toEqual(['passes'])
})

test('a gap of a third of the session does not shut it', async () => {
  const { fence, clock, ask, asked } = fenced()
  fence.joined()
  clock.stand(2_750)
  await ask()
  expect(asked).toEqual(['passes'])
})

test('what waits when the group is joined is refused, and what asks then still waits', async () => {
  const { fence, clock, ask, asked } = fenced()
  fence.joined()
  clock.stand(3_001)
  await ask()
  fence.joined()
  await ask()
  expect(asked).toEqual(['is refused', 'waits'])
})

test('who has never joined has nothing to lose: a slow start holds nothing back', async () => {
  const { clock, ask, asked } = fenced()
  clock.stand(60_000)
  await ask()
  expect(asked).toEqual(['passes'])
})

test.each([
  ['the wall clock alone, as where the machine slept', { wall: 3_001 }, 'waits'],
  ['the monotonic clock alone, as where the wall was set back meanwhile', { monotonic: 3_001 }, 'waits'],
  ['neither, for the wall clock was only set back', { wall: -3_600_000 }, 'passes']
])('a gap shows in %s', async (_, jump, outcome) => {
  const clocks = { wall: 0, monotonic: 0 }
  const { fence, ask, asked } = fenced(clocks)
  fence.joined()
  Object.assign(clocks, jump)
  await ask()
  expect(asked).toEqual([outcome])
})

/** Heartbeats are one at a time: the next is sent once the one before is answered. */
const steps = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constantFrom('run' as const), ms: fc.integer({ min: 1, max: 2_500 }) }),
    fc.record({ kind: fc.constantFrom('stand' as const), ms: fc.integer({ min: 1, max: 20_000 }) }),
    fc.record({ kind: fc.constantFrom('send' as const, 'answer' as const, 'join' as const, 'ask' as const) })
  ),
  { maxLength: 40 }
)

test('nobody passes between a gap and an answer to a heartbeat that was sent behind it', async () => {
  await fc.assert(
    fc.asyncProperty(steps, async sequence => {
      const { fence, clock, ask, asked } = fenced()
      fence.joined()
      let sent: number | undefined
      let gapEnd = Number.NEGATIVE_INFINITY
      let confirmedAt = 0
      for (const step of sequence) {
        const before = asked.filter(one => one === 'passes').length
        switch (step.kind) {
          case 'run':
            await clock.advance(step.ms)
            break
          case 'stand':
            clock.stand(step.ms)
            if (step.ms > 3_000) gapEnd = clock.now()
            break
          case 'send':
            sent ??= clock.now() + 0.5
            break
          case 'answer':
            if (sent === undefined) break
            confirmedAt = sent
            sent = undefined
            fence.heartbeat()
            break
          case 'join':
            fence.joined()
            break
          case 'ask':
            await ask()
            break
          default:
            throw new Error(step satisfies never)
        }
        await clock.advance(0)
        const passed = asked.filter(one => one === 'passes').length - before
        if (passed > 0) expect(confirmedAt).toBeGreaterThan(gapEnd)
      }
      for (let round = 0; round < 2; round++) {
        await clock.advance(1)
        fence.heartbeat()
      }
      await ask()
      expect(asked.filter(one => one === 'waits')).toEqual([])
    }),
    { numRuns: 200 }
  )
})
