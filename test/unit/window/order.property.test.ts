import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ShopEvent } from '../../../src/decode/types.ts'
import type { WindowMetrics } from '../../../src/metrics/types.ts'
import { shopEvent } from '../../support/shop-event.ts'
import { tries } from '../../support/tries.ts'
import { epoch, eventFields } from '../../support/windows-arbitraries.ts'
import { createWindowsModel, type LogEntry, timing } from '../../support/windows-model.ts'

interface Happening {
  readonly event: ShopEvent
  /** How long after it its record arrives. */
  readonly delayMs: number
  /** The same event again, arriving otherwise. */
  readonly otherDelayMs: number
  readonly partition: number
}

const delayMs = fc.integer({ min: 0, max: timing.graceMs })

const happenings = fc
  .array(
    fc.record({
      stepMs: fc.integer({ min: 0, max: 20_000 }),
      fields: eventFields,
      delayMs,
      otherDelayMs: delayMs,
      partition: fc.nat(3)
    }),
    { maxLength: 60 }
  )
  .map(all => {
    let time = epoch
    return all.map(({ stepMs, fields, ...rest }): Happening => {
      time += stepMs
      return { event: shopEvent(time, fields), ...rest }
    })
  })

const entriesOf = (all: readonly { event: ShopEvent; arrivesAt: number }[]): LogEntry[] =>
  [...all]
    .sort((a, b) => a.arrivesAt - b.arrivesAt)
    .map(({ event, arrivesAt }, offset) => ({ offset, recordTime: arrivesAt, event }))

/** Every number of a window but the age of its events, which is a matter of when they came. */
function allOf({ records, values, segments }: WindowMetrics) {
  const timeless = [...values].filter(([name]) => !name.startsWith('freshness'))
  return {
    records,
    values: timeless,
    segments: segments.filter(({ dimension }) => dimension !== 'partition')
  }
}

/** All that is stored of windows with records, in whatever order partitions were read. */
function storedOf(logs: readonly (readonly LogEntry[])[]) {
  const model = createWindowsModel(
    new Map(logs.map((entries, index) => [`t/${index}`, { appearsAt: epoch, entries }])),
    epoch
  )
  model.finish()
  return [...model.stored]
    .filter(([, { records }]) => records > 0)
    .sort(([a], [b]) => a - b)
    .map(([start, window]) => [start, allOf(window)])
}

describe('the order of records', () => {
  test('any order within the grace gives the same values', () => {
    fc.assert(
      fc.property(happenings, all => {
        const arriving = (by: (one: Happening) => number) =>
          entriesOf(all.map(one => ({ event: one.event, arrivesAt: one.event.eventTime + by(one) })))
        const inOrder = storedOf([arriving(() => 0)])
        expect(storedOf([arriving(one => one.delayMs)])).toEqual(inOrder)
        expect(storedOf([arriving(one => one.otherDelayMs)])).toEqual(inOrder)
      }),
      { numRuns: tries(200) }
    )
  })

  test('any split over partitions gives the same values', () => {
    fc.assert(
      fc.property(happenings, all => {
        const arriving = all.map(one => ({ ...one, arrivesAt: one.event.eventTime + one.delayMs }))
        const together = storedOf([entriesOf(arriving)])
        const split = [0, 1, 2, 3].map(number =>
          entriesOf(arriving.filter(({ partition }) => partition === number))
        )
        expect(storedOf(split)).toEqual(together)
      }),
      { numRuns: tries(200) }
    )
  })
})
