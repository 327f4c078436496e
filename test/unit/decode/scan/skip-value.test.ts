import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createScanRecord } from '../../../../src/decode/scan/scan-record.ts'
import { valueEnd } from '../../../../src/decode/scan/skip-value.ts'
import { tries } from '../../../support/tries.ts'

function isJson(text: string): boolean {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

const endOf = (text: string) => {
  const bytes = Buffer.from(text)
  return valueEnd(bytes, 0, bytes.length)
}

test.each([
  ...[
    '[1,2]',
    '[ 1 , 2 ]',
    '[]',
    '[ ]',
    '{}',
    '{ }',
    '{"a":1,"b":[{}]}',
    '{ "a" : null }',
    '"a\\u00fF\\n"',
    '-0.5e+7',
    'true'
  ],
  ...[
    '[1 2]',
    '[1,]',
    '[,1]',
    '[1',
    '[',
    '{"a"}',
    '{"a":}',
    '{"a":1,}',
    '{"a":1 "b":2}',
    '{a:1}',
    '{"a":1',
    '{"a"'
  ],
  ...[
    '"a',
    '"\\x"',
    '"\\u00g0"',
    '"\\u00f',
    '"\\',
    '01',
    '1.',
    '.5',
    '-',
    '1e',
    '1e+',
    '+1',
    'tru',
    'trux',
    'nul',
    ''
  ],
  ...Array.from({ length: 33 }, (_, code) => `"a${String.fromCharCode(code)}b"`)
])('%j ends where a parse says so', text => {
  expect(endOf(text) === Buffer.byteLength(text)).toBe(isJson(text))
})

test('whatever is made of the signs of JSON is a value only where a parse takes it', () => {
  const sign = fc.constantFrom(...'[]{},:"\\ 019.eE-+tfn', 'true', 'null', '"a"', '"a":', '\\u00e9')
  fc.assert(
    fc.property(fc.array(sign, { maxLength: 12 }), signs => {
      const text = signs.join('')
      // Behind the value there may be more, and before it no blanks.
      const end = endOf(text)
      if (end >= 0) expect(isJson(Buffer.from(text).toString('utf8', 0, end))).toBe(true)
      else expect(isJson(text) && !/^\s/.test(text)).toBe(false)
    }),
    { numRuns: tries(20_000) }
  )
})

test('a value deeper than 32 is left to the parse', () => {
  expect([endOf('['.repeat(32) + ']'.repeat(32)), endOf('['.repeat(33) + ']'.repeat(33))]).toEqual([64, -1])
})

test.each(Array.from({ length: 32 }, (_, code) => code))(
  'no text holds the control character %i, wherever it stands',
  code => {
    const scan = createScanRecord({ currency: 'USD', knownCurrencies: new Set(), maxBytes: 1_000 })
    for (let before = 0; before < 9; before++)
      for (const field of ['session_id', 'country', 'note', 'event_type']) {
        const text = `${'a'.repeat(before)}${String.fromCharCode(code)}${'b'.repeat(8)}`
        const bytes = Buffer.from(
          `{"event_time":"2026-11-20T08:00:00Z","${field === 'event_type' ? 'x' : 'event_type'}":"purchase","${field}":"${text}"}`
        )
        expect(scan?.(bytes, 0, bytes.length)).toBeUndefined()
      }
  }
)
