import { expect, test } from 'vitest'
import { anonymiseDaily, createAnonymiseStep } from '../../../src/run/anonymising.ts'
import { StoreError } from '../../../src/store/errors.ts'
import type { Store } from '../../../src/store/types.ts'
import { dayMs, hourMs, minuteMs } from '../../../src/time/units.ts'
import { createManualClock } from '../../support/manual-clock.ts'
import { createRecordedLog } from '../../support/recorded-log.ts'

const settings = { afterMs: 30 * dayMs, secret: 'a-secret-of-16-or-more' }
type Asked = Parameters<Store['anonymise']>[0]

function daily(answers: (() => ReturnType<Store['anonymise']>)[]) {
  const clock = createManualClock(100 * dayMs)
  const log = createRecordedLog()
  const asked: Asked[] = []
  const events: object[] = []
  const stopping = new AbortController()
  const state = { isWorking: true }
  void anonymiseDaily(
    {
      ...{ pipeline: 'shop', settings, now: clock.now, clock, log },
      store: {
        anonymise(options) {
          asked.push(options)
          return answers.shift()?.() ?? Promise.resolve({ rows: new Map(), isDone: true })
        }
      },
      isWorking: () => state.isWorking,
      audit: { record: event => void events.push(event) }
    },
    stopping.signal
  )
  return { clock, log, asked, events, stopping, state }
}

test('rows older than the age are asked for once a day, and a day without any leaves no trace', async () => {
  const { clock, log, asked, events } = daily([])
  await clock.advance(dayMs)
  expect(asked).toMatchObject([{ pipeline: 'shop', beforeMs: 70 * dayMs + minuteMs, mostRows: 5_000 }])
  expect(asked[0]?.anonymise('ann')).toMatch(/^anon:/)
  await clock.advance(dayMs)
  expect(asked).toHaveLength(2)
  expect([log.lines, events]).toEqual([[], []])
})

test('where more rows wait than a step takes, the next step follows soon; both are noted', async () => {
  const rows = new Map([['actions', 7]])
  const { clock, log, asked, events } = daily([
    () => Promise.resolve({ rows, isDone: false }),
    () => Promise.resolve({ rows, isDone: true })
  ])
  await clock.advance(5 * minuteMs)
  expect(asked).toHaveLength(2)
  expect(events).toEqual(Array(2).fill({ action: 'anonymised', details: { rows: { actions: 7 } } }))
  expect(log.times('names and texts of old rows were replaced by hashes')).toBe(2)
})

test('a standby leaves it to the active instance, and a store that fails is tried again in an hour', async () => {
  const away = () => Promise.reject(new StoreError('UNREACHABLE', 'away', { retryable: true }))
  const { clock, log, asked, state, stopping } = daily([away])
  state.isWorking = false
  await clock.advance(dayMs)
  expect(asked).toEqual([])
  state.isWorking = true
  await clock.advance(minuteMs)
  expect(log.times('old rows cannot be anonymised now: tried again in an hour')).toBe(1)
  await clock.advance(hourMs + minuteMs)
  expect(asked).toHaveLength(2)
  stopping.abort()
  await clock.advance(3 * dayMs)
  expect(asked).toHaveLength(2)
})

test('a step says whether there is more', async () => {
  const store: Pick<Store, 'anonymise'> = {
    anonymise: async ({ mostRows }) => ({ rows: new Map(), isDone: mostRows > 10 })
  }
  const step = (mostRows: number) =>
    createAnonymiseStep({ pipeline: 'shop', settings, store, now: () => 0, mostRows })(() => {})
  expect([await step(10), await step(11)]).toEqual([true, false])
})
