import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createDecodeRecord } from '../../../src/decode/decode-record.ts'
import { eventTypes } from '../../../src/decode/layout.ts'
import { recount } from '../../support/recount.ts'
import { tries } from '../../support/tries.ts'
import { epoch } from '../../support/windows-arbitraries.ts'
import { createWindowsModel, type LogEntry, timing } from '../../support/windows-model.ts'
import { recountOptions, valuesOf } from '../../support/windows-play.ts'

const decode = createDecodeRecord({ currency: 'EUR', knownCurrencies: new Set(['USD']), maxBytes: 100_000 })
const oneOf = <T>(...values: readonly T[]) => fc.constantFrom(...values)
const decimal = fc.integer({ min: 0, max: 9_999_999 }).map(cents => cents / 100)

/** Each field as it may come: right, wrong or not at all. */
const fields = fc.record(
  {
    event_type: oneOf<unknown>(...eventTypes, 'purchase', 'purchase', 'add_to_cart', 'hover', '', 7),
    session_id: oneOf<unknown>('s1', 's2', 's3', 4, '', null, true),
    order_id: oneOf<unknown>('o1', 'o2', 3, 123_456_789, null),
    price: fc.oneof(
      { weight: 6, arbitrary: decimal },
      { weight: 1, arbitrary: oneOf<unknown>(-1, '19.99', '-2', 'free', null, 2e9, true, '1e3') }
    ),
    quantity: fc.oneof(
      { weight: 4, arbitrary: fc.integer({ min: 1, max: 20 }) },
      { weight: 1, arbitrary: oneOf<unknown>(0, -1, 0.5, '3', 'many', null) }
    ),
    currency: oneOf<unknown>('EUR', 'eur', 'USD', 'GBP', 'euros', 7, '', null),
    category: oneOf<unknown>('shoes', '__proto__', {}, null),
    country: oneOf<unknown>('DE', [])
  },
  { requiredKeys: ['event_type'] }
)

const timeFormats: readonly ((time: number) => unknown)[] = [
  time => new Date(time).toISOString(),
  time => time,
  time => time / 1_000,
  time => String(time),
  time => new Date(time).toISOString().replace('Z', '+00:00'),
  time => new Date(time + 3_600_000).toISOString().replace('Z', '+01:00')
]

const values = fc.record({
  stepMs: fc.integer({ min: 0, max: 20_000 }),
  lagMs: fc.oneof(
    { weight: 8, arbitrary: fc.integer({ min: 0, max: 10_000 }) },
    { weight: 1, arbitrary: fc.integer({ min: -100_000, max: 200_000 }) }
  ),
  format: fc.nat({ max: timeFormats.length - 1 }),
  fields,
  instead: fc.option(oneOf<string | null>(null, '', '{', '[]', '"x"', '{"event_type":"purchase"}'), {
    freq: 8
  })
})

describe('records as they lie in the log', () => {
  test('decoded and counted into windows come to what a recount of their bytes says', () => {
    fc.assert(
      fc.property(fc.array(values, { maxLength: 40 }), all => {
        let recordTime = epoch
        const records = all.map(({ stepMs, lagMs, format, fields: own, instead }, offset) => {
          recordTime += stepMs
          const event_time = timeFormats[format]?.(recordTime - lagMs)
          const value = instead === undefined ? JSON.stringify({ event_time, ...own }) : instead
          return { offset, recordTime, value }
        })
        const entries = records.map(({ offset, recordTime: at, value }): LogEntry => {
          const decoded = decode({ value: value === null ? null : Buffer.from(value) })
          const isEvent = decoded.kind === 'event'
          return { offset, recordTime: at, ...(isEvent ? { event: decoded.event } : { dead: true }) }
        })
        const model = createWindowsModel(new Map([['t/0', { appearsAt: epoch, entries }]]), epoch)
        model.finish()
        const stored = [...model.stored].filter(([, row]) => row.records > 0)
        expect(stored.map(([start, row]) => [start, valuesOf(row)])).toEqual([
          ...recount(new Map([['t/0', records]]), { ...recountOptions, ...timing })
        ])
      }),
      { numRuns: tries(500) }
    )
  })
})
