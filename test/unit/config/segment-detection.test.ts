import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { detectorsSchema } from '../../../src/config/detectors.ts'

const errorsOf = (segments: unknown) => {
  const result = detectorsSchema.safeParse({ segments })
  return result.success ? [] : result.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)
}

test('docs/segments.md shows the shipped defaults', () => {
  const guide = readFileSync(new URL('../../../docs/segments.md', import.meta.url), 'utf8')
  const shown = /```yaml\n([\s\S]*?)```/.exec(guide)?.[1] ?? ''
  const { detectors } = parse(shown)
  expect(Object.keys(detectors)).toEqual(['segments', 'category_imbalance'])
  const keys = (section: object) => Object.keys(section).length
  const defaults = detectorsSchema.parse({})
  expect(keys(detectors.segments)).toBe(keys(defaults.segments))
  expect(keys(detectors.category_imbalance)).toBe(keys(defaults.category_imbalance))
  expect(detectorsSchema.parse(detectors)).toEqual(defaults)
})

test('spans are durations, each longer than the one before', () => {
  expect(detectorsSchema.parse({ segments: { spans: ['90s', '10m'] } }).segments.spansMs).toEqual([
    90_000, 600_000
  ])
  const message = 'segments.spans: durations, each longer than the one before'
  expect(errorsOf({ spans: ['10m', '5m'] })).toEqual([message])
  expect(errorsOf({ spans: ['0s'] })).toContain(message)
})

test('severities and spreads that contradict each other are refused at their path', () => {
  expect(errorsOf({ raise_lost: { high: '40%', critical: '30%' } })).toEqual([
    'segments.raise_lost.critical: critical from 0.3 is milder than high from 0.4'
  ])
  expect(errorsOf({ spread: '4%' })).toEqual(['segments.least_spread: at most spread'])
})
