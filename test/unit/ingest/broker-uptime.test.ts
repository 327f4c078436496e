import { expect, test } from 'vitest'
import { createBrokerUptime } from '../../../src/ingest/broker-uptime.ts'

test('the broker answers since the last break that was longer than the bound', () => {
  const answers = createBrokerUptime(10_000)
  const since = [1_000, 11_000, 21_001, 25_000, 60_000].map(answers.since)
  const ever = Number.NEGATIVE_INFINITY
  expect(since).toEqual([ever, ever, 21_001, 21_001, 60_000])
})
