import fc from 'fast-check'
import { expect, test } from 'vitest'
import { IsoTime } from '../../../../src/decode/scan/iso-time.ts'
import { parseIsoBytes } from '../../../../src/decode/time.ts'
import { tries } from '../../../support/tries.ts'

const reader = () => {
  const iso = new IsoTime()
  return (text: string): number => {
    const bytes = Buffer.from(` ${text} `, 'latin1')
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    return iso.read(bytes, view, 1, bytes.length - 1) ? iso.value : Number.NaN
  }
}

const parsed = (text: string): number => {
  const bytes = Buffer.from(text, 'latin1')
  return parseIsoBytes(bytes, 0, bytes.length)
}

const days = fc.constantFrom(
  '2026-11-20',
  '2026-11-21',
  '2026-01-20',
  '2024-02-29',
  '2026-02-29',
  '9999-12-31',
  '0000-01-01',
  '1969-12-31'
)
const two = fc.integer({ min: 0, max: 99 }).map(number => String(number).padStart(2, '0'))
const moment = fc
  .record({
    day: days,
    between: fc.constantFrom('T', 'T', 'T', 't', ' ', '_'),
    time: fc.tuple(two, two, two).map(parts => parts.join(':')),
    ms: fc.integer({ min: 0, max: 999 }).map(number => String(number).padStart(3, '0')),
    zone: fc.constantFrom('Z', 'Z', 'Z', 'z', '+', '')
  })
  .map(({ day, between, time, ms, zone }) => `${day}${between}${time}.${ms}${zone}`)
const sound = fc
  .date({ min: new Date('2026-11-20'), max: new Date('2026-11-22'), noInvalidDate: true })
  .map(date => date.toISOString())
const changed = fc
  .tuple(sound, fc.nat({ max: 23 }), fc.integer({ min: 0, max: 255 }))
  .map(([text, at, code]) => `${text.slice(0, at)}${String.fromCharCode(code)}${text.slice(at + 1)}`)

test('a time is read as it is by itself, whatever was read before', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof({ weight: 3, arbitrary: sound }, moment, changed), { maxLength: 12 }),
      texts => {
        const read = reader()
        for (const text of texts) expect(read(text), JSON.stringify(text)).toBe(parsed(text))
      }
    ),
    { numRuns: tries(2_000) }
  )
})

test('bytes without a day are no time, also before one was read', () => {
  expect(reader()(`${'\0'.repeat(11)}10:00:00.000Z`)).toBeNaN()
})
