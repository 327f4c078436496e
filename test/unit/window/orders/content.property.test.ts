import fc from 'fast-check'
import { expect, test } from 'vitest'
import { fingerprint } from '../../../../src/decode/fingerprint.ts'
import { contentOf } from '../../../../src/window/orders/content.ts'
import { shopEvent } from '../../../support/shop-event.ts'
import { tries } from '../../../support/tries.ts'

const text = fc.oneof(
  fc.string({ unit: 'binary-ascii', maxLength: 8 }),
  fc.string({ unit: fc.constantFrom(...'ab-1 "\\\n'), maxLength: 8 }),
  fc.string({ unit: 'grapheme', maxLength: 4 })
)
const maybe = fc.option(text, { nil: undefined })

test('a purchase is known by the text that stores have the print of', () => {
  fc.assert(
    fc.property(
      fc.record({
        orderId: maybe,
        userId: maybe,
        productId: maybe,
        currency: text,
        amount: fc.option(fc.integer({ min: 0, max: 1e12 }), { nil: undefined }),
        quantity: fc.oneof(fc.integer({ min: 1, max: 100 }), fc.double({ min: 0.001, max: 1e6, noNaN: true }))
      }),
      fields => {
        const { orderId, userId, currency, productId, amount, quantity } = fields
        const line = JSON.stringify([productId, amount, quantity])
        const print = fingerprint(JSON.stringify([orderId, userId, currency, line]))
        expect(contentOf(shopEvent(0, fields))).toBe(print)
      }
    ),
    { numRuns: tries(1_000) }
  )
})
