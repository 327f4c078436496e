import { expect, test } from 'vitest'
import { createWarmUpLog } from '../../../src/run/live/warm-up-log.ts'

const warmUp = (...seen: readonly number[]) =>
  seen.map((windowsSeen, at) => ({ kind: `k${at}`, windowsSeen, windowsNeeded: 45 }))

function recorded() {
  const lines: string[] = []
  const log = createWarmUpLog({
    info: ({ kinds, waiting }, message) => lines.push(`${message} (${kinds}; ${waiting})`)
  })
  return { log, lines }
}

test('the end of the warm-up is said once for the first kinds and once for all', () => {
  const { log, lines } = recorded()
  for (const seen of [
    [44, 10],
    [45, 11],
    [46, 12],
    [80, 45],
    [81, 46]
  ] as const)
    log.note(warmUp(...seen))
  expect(lines).toEqual([
    'warm-up over for the first kinds (1; k1)',
    'warm-up over: every kind is judged (2; )'
  ])
})

test('a start that learned enough from the store says so at once, and edited detectors do not repeat it', () => {
  const { log, lines } = recorded()
  log.note(undefined)
  log.note([])
  log.note(warmUp(100, 100))
  log.note(warmUp(0, 0))
  log.note(warmUp(45, 45))
  expect(lines).toEqual(['warm-up over: every kind is judged (2; )'])
})

test('an instance that takes over again says it again', () => {
  const { log, lines } = recorded()
  log.note(warmUp(45))
  log.forget()
  log.note(warmUp(45))
  expect(lines).toHaveLength(2)
})
