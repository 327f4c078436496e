import { describe, expect, test } from 'vitest'
import { maskAnswer } from '../../../../src/channel/mask.ts'
import {
  cut,
  cutWithNotice,
  linesWithin,
  plain,
  slackEscape,
  withoutLinks
} from '../../../../src/channel/message/text.ts'

describe('texts from outside', () => {
  test('show what would act or hide as its escape', () => {
    expect(plain(' a\u0000b\n\u202ec\ud800 ')).toBe(String.raw`a\u0000b\u000a\u202ec\ud800`)
  })

  test('are cut between characters', () => {
    expect(cut('abc', 3)).toBe('abc')
    expect(cut('abcd', 3)).toBe('ab…')
    expect(cut('a🛒b', 3)).toBe('a…')
    expect(cutWithNotice('x'.repeat(101), 100)).toBe(`${'x'.repeat(60)}…\n(41 characters cut)`)
  })

  test('are lines that say how many are left out', () => {
    expect(linesWithin(['one', 'two'], 10, 100)).toBe('one\ntwo')
    expect(linesWithin(['a'.repeat(20), 'two', 'three', 'four', 'five'], 10, 40)).toBe(
      'aaaaaaaaa…\ntwo\n… and 3 more'
    )
    expect(linesWithin(['x'.repeat(101)], 10, 100)).toBe(`${'x'.repeat(60)}…\n(41 characters cut)`)
  })

  test('are escaped for Slack within a length, no entity split', () => {
    expect(slackEscape('<!channel> & co', 100)).toBe('&lt;!channel&gt; &amp; co')
    expect(slackEscape('a<b', 5)).toBe('a…')
    expect(slackEscape('a<b', 6)).toBe('a&lt;…')
  })

  test('make no links', () => {
    expect(withoutLinks('see https://evil.example now')).toBe('see https:\u2060//evil.\u2060example now')
    expect(withoutLinks('1.5 at 10:02')).toBe('1.5 at 10:02')
  })
})

describe('secrets', () => {
  test('an answer is one short line without them', () => {
    expect(maskAnswer('no\n key123 here', ['key123'])).toBe('no *** here')
    expect(maskAnswer('x'.repeat(300), [])).toHaveLength(200)
  })
})
