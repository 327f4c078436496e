import { describe, expect, test } from 'vitest'
import { visible, visibleJson, visibleLines } from '../../../src/telemetry/visible-text.ts'

describe('text from outside', () => {
  test('shows what would act or hide as its escape', () => {
    expect(visible('a\u001b[2J\u0000\u007f\u009b')).toBe(String.raw`a\u001b[2J\u0000\u007f\u009b`)
    expect(visible('\u202egpj\u2066\u2069\u200b\u2060\ufeff\u2028\u061c')).toBe(
      String.raw`\u202egpj\u2066\u2069\u200b\u2060\ufeff\u2028\u061c`
    )
    expect(visible('a\r\n\tb\ud800\udc00\ud800')).toBe(
      `${String.raw`a\u000d\u000a\u0009b`}\u{10000}${String.raw`\ud800`}`
    )
    expect(visible('\u{e0041}')).toBe(String.raw`\u{e0041}`)
  })

  test.each(['shoes & <b>', 'Größe 42', '靴', 'می‌خواهم', '👩‍💻', '🛒', '`*_~'])(
    'that only has characters to be seen stays %s',
    text => {
      expect(visible(text)).toBe(text)
      expect(visibleLines(text)).toBe(text)
      expect(visibleJson(text)).toBe(text)
    }
  )

  test('of several lines keeps their ends and tabs', () => {
    expect(visibleLines('a\tb\r\n\u001bc\n')).toBe('a\tb\\u000d\n\\u001bc\n')
  })

  test('within JSON stays the same text when it is parsed', () => {
    const value = { '\u009b': ['\u202e\u{e0041}\u007f', 'x\ud800'] }
    const json = visibleJson(`${JSON.stringify(value)}\n`)
    expect(json).toMatch(/^[\x20-\x7e]+\n$/)
    expect(JSON.parse(json)).toEqual(value)
  })
})
