import { expect, test } from 'vitest'
import { createPlayer, fixedPlan } from '../../../src/demo/stream.ts'
import { minuteMs } from '../../../src/time/units.ts'
import { createManualClock } from '../../support/manual-clock.ts'

const plan = fixedPlan(1)

function player() {
  const [lines, numbers, minutes]: [string[], number[], number[]] = [[], [], []]
  const play = createPlayer({
    ...{ plan, paceMs: 0, clock: createManualClock(0) },
    take(line, number) {
      lines.push(line)
      numbers.push(number)
    },
    onMinute: eventTime => void minutes.push(eventTime)
  })
  return { play, lines, numbers, minutes }
}

test('a player goes on from where it ended, and hands over each line once', async () => {
  const [atOnce, inParts] = [player(), player()]
  await atOnce.play(plan.startMs + 6 * minuteMs)
  await inParts.play(plan.startMs + 2.5 * minuteMs)
  const first = inParts.lines.length
  await inParts.play(plan.startMs + 6 * minuteMs)
  expect(first).toBeGreaterThan(0)
  expect(inParts.lines.length).toBeGreaterThan(first)
  expect(inParts.lines).toEqual(atOnce.lines)
  expect(inParts.numbers).toEqual(atOnce.lines.map((_, index) => index + 1))
  expect(inParts.minutes).toEqual(atOnce.minutes)
})
