import { expect, test } from 'vitest'
import type { Matchers } from '../../../src/routing/matchers.ts'
import { anything, matches, mismatch } from '../../../src/routing/matchers.ts'

const subject = {
  kind: 'revenue_drop',
  segment: 'country=DE',
  severity: 'high',
  pipeline: 'shop-eu',
  labels: { team: 'data', country: 'DE' }
} as const

test.each<[Partial<Matchers>, string | null]>([
  [{}, null],
  [{ kinds: ['revenue_drop'] }, null],
  [{ kinds: ['data_loss', 'revenue_*'] }, null],
  [{ kinds: ['*drop', '!traffic_drop'] }, null],
  [{ kinds: ['!data_loss'] }, null],
  [{ kinds: ['revenue'] }, 'kind is revenue_drop'],
  [{ kinds: ['!revenue_*'] }, 'kind is revenue_drop'],
  [{ kinds: ['*drop', '!revenue_drop'] }, 'kind is revenue_drop'],
  [{ severities: ['critical', 'high'] }, null],
  [{ severities: ['critical'] }, 'severity is high'],
  [{ segments: ['country=*'] }, null],
  [{ segments: ['all'] }, 'segment is country=DE'],
  [{ pipelines: ['shop*'] }, null],
  [{ pipelines: ['*-us'] }, 'pipeline is shop-eu'],
  [{ labels: { team: ['data', 'web'], country: ['!FR'] } }, null],
  [{ labels: { team: ['web'] } }, 'label team is data'],
  [{ labels: { city: ['*'] } }, 'there is no label city'],
  [{ labels: { city: ['!Berlin'] } }, null],
  [{ labels: { toString: ['*'] } }, 'there is no label toString']
])('%j', (matchers, expected) => {
  expect(mismatch({ ...anything, ...matchers }, subject)).toBe(expected)
})

test.each([
  ['a*a', 'a', false],
  ['a*a', 'aa', true],
  ['*b*', 'abc', true],
  ['a*b*c', 'a-c-b', false],
  ['a*b*c', 'aXbYbc', true],
  ['ab*bc', 'abc', false],
  ['*', '', true],
  ['a.c', 'abc', false],
  ['shop', 'shopping', false]
])('the pattern %s, a text %s: %s', (pattern, segment, expected) => {
  expect(matches({ ...anything, segments: [pattern] }, { ...subject, segment })).toBe(expected)
})

test('a pattern of many stars is matched without backtracking', () => {
  const segment = `${'a'.repeat(50_000)}b`
  expect(matches({ ...anything, segments: [`${'*a'.repeat(500)}*c`] }, { ...subject, segment })).toBe(false)
})
