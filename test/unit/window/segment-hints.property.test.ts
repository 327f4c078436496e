import fc from 'fast-check'
import { expect, test } from 'vitest'
import { contractFields } from '../../../src/decode/layout.ts'
import { ScannedEvent } from '../../../src/decode/scanned-event.ts'
import type { ShopEvent } from '../../../src/decode/types.ts'
import { createShopMetrics } from '../../../src/metrics/create.ts'
import { createEvaluate } from '../../../src/metrics/evaluate.ts'
import { compile, createPartial } from '../../../src/window/accumulate.ts'
import { shopEvent } from '../../support/shop-event.ts'
import { tries } from '../../support/tries.ts'

const segments = { dimensions: ['category', 'country'], combinations: [], top: 50, maxValues: 4 }
const shop = createShopMetrics({ segments, metrics: {} })
const options = { ...shop, rates: new Map([['EUR', 1]]), orderSpanMs: 0 }
const evaluate = createEvaluate(shop)

interface Drawn {
  readonly category: string
  readonly country: string | undefined
  readonly hints: readonly [category: number, country: number]
}

function scanned({ category, country, hints }: Drawn): ShopEvent {
  const event = Object.assign(new ScannedEvent(), {
    ...{ type: 'page_view', typeName: 'page_view', currency: 'EUR', category, country }
  })
  event.hints[contractFields.indexOf('category')] = hints[0]
  event.hints[contractFields.indexOf('country')] = hints[1]
  return event
}

/** The rows of two windows, of which the second begins with the room that the first took. */
function rowsOf(events: readonly ShopEvent[]) {
  const accumulate = compile(options)
  const first = createPartial(0, options)
  const second = createPartial(60_000, options, first)
  events.forEach((event, at) => {
    accumulate(at % 2 === 0 ? first : second, event, 0)
  })
  return [first, second].map(({ start, ...partial }) => {
    const closed = { start, end: start + 60_000, complete: true, partitions: ['t/0'] }
    return evaluate({ ...closed, partials: [{ start, ...partial }] }).segments.filter(
      ({ dimension }) => dimension === 'category' || dimension === 'country'
    )
  })
}

test('hints at the values of a scanned event lead to the rows that its values have, also where they are wrong', () => {
  const value = fc.constantFrom(
    'a',
    'b',
    ' a',
    'a ',
    '  ',
    'other',
    'c',
    'd',
    'e',
    'f',
    'g',
    'h',
    'i',
    'ä',
    'x × y'
  )
  // One number for several values, and numbers that share a place.
  const hint = fc.constantFrom(-1, 0, 1, 2, 3, 513, 1_023)
  const drawn = fc.record({
    category: value,
    country: fc.option(value, { nil: undefined }),
    hints: fc.tuple(hint, hint)
  })
  fc.assert(
    fc.property(fc.array(drawn, { maxLength: 60 }), all => {
      const plain = all.map(({ category, country }) =>
        shopEvent(0, { type: 'page_view', typeName: 'page_view', currency: 'EUR', category, country })
      )
      expect(rowsOf(all.map(scanned))).toEqual(rowsOf(plain))
    }),
    { numRuns: tries(500) }
  )
})
