import { expect, test } from 'vitest'
import { createBrokerAbsences } from '../../../src/ingest/broker-absences.ts'

const absencesOf = () => createBrokerAbsences({ breakMs: 10, beforeMs: 1, afterMs: 5 })
type Absences = ReturnType<typeof absencesOf>
/** The minutes, of ten each, that an absence covers. */
const covered = ({ covers }: Absences) =>
  [0, 10, 20, 30, 40, 50, 60, 70].filter(start => covers({ start, end: start + 10 }))

test('windows lie in an absence while it lasts and once it is over, with some time around it', () => {
  const absences = absencesOf()
  for (let now = 0; now <= 21; now++) absences.look(now, now)
  expect(covered(absences)).toEqual([])
  for (let now = 22; now <= 42; now++) absences.look(now, 21)
  expect(covered(absences)).toEqual([20, 30, 40])
  for (let now = 43; now <= 60; now++) absences.look(now, now)
  expect(covered(absences)).toEqual([20, 30, 40])
})

test('a short silence is no absence', () => {
  const absences = absencesOf()
  for (let now = 0; now <= 60; now++) absences.look(now, now - (now % 10))
  expect(covered(absences)).toEqual([])
})

test('time in which we stood still ourselves is no absence of the broker', () => {
  const absences = absencesOf()
  absences.look(0, 0)
  absences.look(50, 0)
  expect(covered(absences)).toEqual([])
  absences.look(51, 51)
  expect(covered(absences)).toEqual([])
})
