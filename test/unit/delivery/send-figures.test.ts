import { expect, test } from 'vitest'
import { createSendFigures } from '../../../src/delivery/send-figures.ts'

test('response times are those of the last thousand tries', () => {
  const figures = createSendFigures()
  for (let at = 0; at < 500; at++) figures.noteTry(1_000_000)
  for (let at = 1; at <= 1_000; at++) figures.noteTry(at)
  expect(figures.now()).toEqual({ total: 0, sent: 0, averageMs: 500.5, p95Ms: 950 })
})

test('one try is its own mean and its own 95th percentile', () => {
  const figures = createSendFigures()
  figures.noteTry(120)
  expect(figures.now()).toMatchObject({ averageMs: 120, p95Ms: 120 })
})
