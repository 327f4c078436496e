import { expect, test } from 'vitest'
import { after } from '../../../src/delivery/timers.ts'
import { createManualClock } from '../../support/manual-clock.ts'

test('what is cancelled before its time never runs, and the rest runs once', async () => {
  const clock = createManualClock(0)
  const ran: string[] = []
  after(clock, 10, () => ran.push('kept'))
  const cancel = after(clock, 10, () => ran.push('cancelled'))
  await clock.advance(9)
  cancel()
  expect(ran).toEqual([])
  await clock.advance(100)
  expect(ran).toEqual(['kept'])
})
