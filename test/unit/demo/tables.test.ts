import { expect, test } from 'vitest'
import type { Severity } from '../../../detectors/types.ts'
import { episodeTable } from '../../../src/demo/tables.ts'
import type { Segment } from '../../../src/window/segment.ts'
import { anomalyRowOf } from '../../support/anomaly-row.ts'

const row = (from: string, to: string, details: string, severity: Severity = 'high') =>
  anomalyRowOf({
    severity,
    window_start: `2026-01-05T${from}:00.000Z`,
    window_end: `2026-01-05T${to}:00.000Z`,
    details
  })

test('a run begins where the first to be raised begins, not where the longest span reaches back to', () => {
  const rows = [
    row('09:58', '10:58', 'the last of all'),
    row('10:27', '10:29', 'the first', 'critical'),
    row('10:28', '10:33', 'another')
  ]
  const cells = episodeTable(rows, 150)
    .split('\n')
    .filter(line => line.includes('revenue_drop'))
    .map(line => line.split('│').map(cell => cell.trim()))
  expect(cells).toEqual([['', '2026-01-05 10:27 – 10:58', 'revenue_drop', 'critical', '3', 'the first', '']])
})

test('a name that would act on a terminal is shown as its escape', () => {
  const hostile = {
    ...row('10:27', '10:29', 'gone \u001b[2J'),
    segment: 'country=\u202egpj\u009b31m' as const
  }
  const table = episodeTable([hostile], 150)
  expect(table).toContain(String.raw`country=\u202egpj\u009b31m`)
  expect(table).toContain(String.raw`gone \u001b[2J`)
  expect(table).not.toMatch(/[^\P{Cc}\n]|\u202e/u)
})

test('a run names its segments', () => {
  const rowOf = (segment: Segment) => ({ ...row('10:27', '10:29', 'gone'), segment })
  const cells = episodeTable([rowOf('all'), rowOf('payment_method=paypal')], 150)
    .split('\n')
    .map(line => line.split('│')[2]?.trim())
  expect(cells).toContain('payment_method=paypal')
  expect(cells).not.toContain('all')
})
