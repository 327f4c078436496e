import { expect, test } from 'vitest'
import { native } from '../../../../src/decode/layouts/native.ts'
import { createExamples } from '../../../../src/decode/stream/example.ts'
import { priceHint, timeHint } from '../../../../src/decode/stream/hints.ts'

const exampleOf = createExamples(native)

test('an example is short, on one line, and nothing that a terminal would obey', () => {
  const long = exampleOf(JSON.stringify({ event_time: 'x'.repeat(500) }), 'invalid_event_time')
  expect(long?.text).toBe(`${'x'.repeat(60)}…`)
  expect(exampleOf('\u001b[2J\n{', 'invalid_json')?.text).toBe('\\u001b[2J\\u000a{')
  expect(exampleOf(JSON.stringify({ event_time: [1, 2] }), 'invalid_event_time')?.text).toBe('[1,2]')
})

test('there is none of a record that is too long, or shows nothing', () => {
  expect(exampleOf(`"${'x'.repeat(300_000)}"`, 'not_an_object')).toBe(undefined)
  expect(exampleOf(null, 'undecodable_batch')).toBe(undefined)
  expect(exampleOf('{"event_time":1}', 'too_large')).toBe(undefined)
})

test.each([
  ['11/20/2026 08:00', 'set events.date_order: month_first'],
  ['20-11-2026 08:00', 'set events.date_order: day_first'],
  ['03/04/2026 08:00', 'set events.date_order: day_first or month_first'],
  ['2026-11-20', 'it has no time of day'],
  ['20.11.2026', 'it has no time of day'],
  ['soon', undefined],
  [{}, undefined]
])('of the time %j the hint is %j', (value, hint) => {
  expect(timeHint(value)).toBe(hint)
})

test.each([
  ['1,299', 'it could be two numbers: set events.decimal: point or comma'],
  ['€ 1.299', 'it could be two numbers: set events.decimal: point or comma'],
  ['DH8=', expect.stringMatching(/decimal of Kafka Connect or Avro: set events.decimal: base64/)],
  ['\u000c\u007f', expect.stringMatching(/decimal of Kafka Connect or Avro/)],
  [{ net: 5 }, 'it is an object: name the path to the number, such as price.amount'],
  [[5], 'it is a list: name its entries, such as items[].price'],
  ['free', undefined],
  ['NONE', undefined],
  ['A'.repeat(200_000), undefined],
  [true, undefined]
])('of the price %j the hint is %j', (value, hint) => {
  expect(priceHint(value)).toEqual(hint)
})
