import { expect, test } from 'vitest'
import type { Layout } from '../../../src/decode/layout.ts'
import { native } from '../../../src/decode/layouts/native.ts'
import { scanKeysOf } from '../../../src/decode/scan/scan-keys.ts'
import { createCheckedDecode } from '../../support/decoding.ts'

const asked = ['gpu', 'cost', 'zone']
const event = { event_time: '2026-11-20T08:00:00Z', event_type: 'gpu_usage' }

/** What an event has of the fields that are asked for, by a parse and from its bytes. */
function extrasOf(further: NonNullable<Layout['further']>, record: object, headers?: Record<string, string>) {
  const decode = createCheckedDecode({
    currency: 'USD',
    knownCurrencies: new Set(),
    maxBytes: 10_000,
    layout: { ...native, further },
    extraFields: asked
  })
  const bytes = Buffer.from(JSON.stringify({ ...event, ...record }))
  const decoded = [1, 2, 3].map(() => decode(bytes, headers))
  return decoded.map(one => (one.kind === 'event' ? one.event.extra : one))
}

test('a further field is where its paths say, the first that has a value', () => {
  const further = { gpu: ['instance.type'], cost: ['net', 'gross'] }
  const three = (extra: unknown) => [extra, extra, extra]
  expect(extrasOf(further, { instance: { type: 'H100' }, gross: 2, zone: 'a' })).toEqual(
    three(['H100', 2, 'a'])
  )
  expect(extrasOf(further, { gpu: 'T4', net: 1, gross: 2 })).toEqual(three([undefined, 1, undefined]))
  expect(extrasOf({ gpu: ['header:gpu'] }, { gpu: 'T4' }, { gpu: 'L4' })).toEqual(
    three(['L4', undefined, undefined])
  )
})

test('one under another key is read from its bytes too, and one of several places is parsed', () => {
  expect(extrasOf({ gpu: ['kind'] }, { kind: 'L40S', gpu: 'T4', cost: 3 })).toEqual([
    ['L40S', 3, undefined],
    ['L40S', 3, undefined],
    ['L40S', 3, undefined]
  ])
  const keys = scanKeysOf({ ...native, further: { gpu: ['kind'] } }, asked)
  const placeOf = (key: string) => keys?.extras[keys.placeOf.get(key) ?? -1]
  expect(['kind', 'cost', 'zone', 'gpu'].map(placeOf)).toEqual([0, 1, 2, undefined])
  expect(scanKeysOf({ ...native, further: { gpu: ['kind', 'gpu'] } }, asked)).toBeUndefined()
})
