import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createFence } from '../../../src/source/fence.ts'
import { createManualClock } from '../../support/manual-clock.ts'
import { createRecordedLog } from '../../support/recorded-log.ts'

/** A fence with a session of 9 s, which blocks after a pause of 3 s, and the outcome of each write. */
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

test('writes pass while the process runs, whatever the group answers', async () => {
  const { fence, clock, ask, asked } = fenced()
  fence.joined()
  await clock.advance(60_000)
  await ask()
  expect(asked).toEqual(['passes'])
})

test('the first write after a pause waits, even before any timer has run, until the second heartbeat is answered', async () => {
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

test('says for how long no write could begin', async () => {
  const { fence, clock } = fenced()
  fence.joined()
  await clock.advance(1_000)
  expect(fence.shutForMs()).toBe(0)
  clock.stand(3_001)
  await clock.advance(40_000)
  expect(fence.shutForMs()).toBe(40_000)
  fence.heartbeat()
  fence.heartbeat()
  expect(fence.shutForMs()).toBe(0)
})

test('a heartbeat that is answered first after a pause is the first of the two', async () => {
  const { fence, clock, ask, asked } = fenced()
  fence.joined()
  clock.stand(3_001)
  fence.heartbeat()
  await ask()
  expect(asked).toEqual(['waits'])
})

test('a pause that a timer notices first is not forgotten, and a second pause requires two heartbeats again', async () => {
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

test('a pause of a third of the session blocks nothing', async () => {
  const { fence, clock, ask, asked } = fenced()
  fence.joined()
  clock.stand(2_750)
  await ask()
  expect(asked).toEqual(['passes'])
})

test('writes that wait when the group is joined are refused, and later ones still wait', async () => {
  const { fence, clock, ask, asked } = fenced()
  fence.joined()
  clock.stand(3_001)
  await ask()
  fence.joined()
  await ask()
  expect(asked).toEqual(['is refused', 'waits'])
})

test('a member that never joined has nothing to lose: a slow start blocks nothing', async () => {
  const { clock, ask, asked } = fenced()
  clock.stand(60_000)
  await ask()
  expect(asked).toEqual(['passes'])
})

test.each([
  ['in the wall clock alone, as after the machine slept', { wall: 3_001 }, 'waits'],
  [
    'in the monotonic clock alone, as after the wall clock was set back meanwhile',
    { monotonic: 3_001 },
    'waits'
  ],
  ['in neither, if the wall clock was only set back', { wall: -3_600_000 }, 'passes']
])('a pause shows %s', async (_, jump, outcome) => {
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

test('no write passes between a pause and the answer to a heartbeat that was sent after it', async () => {
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
