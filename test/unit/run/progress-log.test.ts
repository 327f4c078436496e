import { expect, test } from 'vitest'
import { detectionOf } from '../../../src/run/live/progress-log.ts'
import { minuteMs } from '../../support/alerts.ts'
import { createLivePipeline } from '../../support/live-pipeline.ts'

test('a start says what it reads, that it has caught up, and every ten minutes that it works', async () => {
  const pipeline = createLivePipeline()
  await pipeline.start()
  await pipeline.readMinutes(0, 3)
  const said = () =>
    pipeline.log.lines
      .filter(({ message }) => /^(reading|still|caught up|working)/.test(message))
      .map(({ message, fields }) => [message, fields['events'], fields['windows'], fields['lag']])
  await pipeline.pass(2_000)
  expect(said().map(([message]) => message)).toEqual(['reading what the topics hold', 'caught up'])
  const [, caughtUp] = pipeline.log.lines.filter(({ message }) => /^(reading|caught up)/.test(message))
  expect(caughtUp?.fields).toMatchObject({ detection: 'begins with the first window that closes' })
  await pipeline.pass(10 * minuteMs)
  expect(said().slice(2)).toEqual([['working', 30, 9, 0]])
})

test('a start has caught up once each partition was read to its end, though never all at one moment', async () => {
  const pipeline = createLivePipeline()
  const said = () => pipeline.log.lines.filter(({ message }) => message === 'caught up').length
  await pipeline.start(['t/0', 't/1'])
  await pipeline.pass(3_000, { 't/0': 5, 't/1': 1 })
  await pipeline.pass(3_000, { 't/0': 1 })
  expect(said()).toBe(0)
  await pipeline.pass(3_000, { 't/1': 1 })
  expect(said()).toBe(1)
})

test('what was learned says when detection begins', () => {
  const warmup = (...seen: readonly number[]) =>
    seen.map((windowsSeen, at) => ({ kind: `k${at}`, windowsSeen, windowsNeeded: 45 }))
  expect(detectionOf(undefined, minuteMs)).toEqual({
    learned_windows: 0,
    detection: 'begins with the first window that closes'
  })
  expect(detectionOf(warmup(33, 20), minuteMs)).toEqual({
    learned_windows: 33,
    detection: 'begins after 12 min of events'
  })
  expect(detectionOf(warmup(50, 15), 10_000).detection).toBe(
    'on; 1 of 2 kinds need up to 5 min of events more'
  )
  expect(detectionOf(warmup(45, 45), minuteMs).detection).toBe('on')
})
