import { describe, expect, test } from 'vitest'
import { backtestCommand } from '../../../src/cli/backtest/command.ts'
import type { Loaded } from '../../../src/config/load.ts'
import type { StoredIncident } from '../../../src/incident/types.ts'
import type { Backtest } from '../../../src/run/assembly/backtest.ts'
import { limitText } from '../../../src/run/backtest/limit-text.ts'
import { dayMs } from '../../../src/time/units.ts'
import { loadText } from '../../support/configs.ts'
import { createManualClock } from '../../support/manual-clock.ts'
import { createMemoryStore } from '../../support/memory-store.ts'
import { printedBy } from '../../support/printed-by.ts'
import { createRecordedLog } from '../../support/recorded-log.ts'

const nowMs = Date.UTC(2026, 10, 29)
const none = { before: 0, after: 0, new: [], gone: [], graver: [], milder: [] }
const incident = (id: string, severity: string, openedAt: number) =>
  ({
    id,
    kind: 'revenue_drop',
    segment: 'all',
    severity,
    openedAt,
    resolvedAt: null
  }) as unknown as StoredIncident

const opened = Date.UTC(2026, 10, 10, 22, 33)
const moved = { before: incident('a', 'high', opened), after: incident('b', 'critical', opened - 240_000) }
const backtest: Backtest = {
  span: { fromMs: nowMs - 14 * dayMs, toMs: nowMs },
  windows: 20_160,
  comparison: {
    anomalies: { ...none, before: 12, after: 9 },
    incidents: {
      ...{ ...none, before: 2, after: 2, graver: [moved], earlier: [moved], later: [] },
      new: [incident('c', 'low', opened + dayMs)],
      gone: [incident('d', 'medium', opened - dayMs)]
    },
    messages: [{ receiver: 'team', before: 4, after: 3 }],
    pages: { before: 1, after: 3, new: 2 }
  },
  limits: [{ kind: 'metric', metric: 'wishes' }],
  labels: new Map([['d', { verdict: 'false', reason: '', by: 'ann', via: 'cli', at: 0 }]])
}

async function run(args: readonly string[], result: Backtest = backtest, sizes: readonly string[] = []) {
  const asked: unknown[] = []
  let loads = 0
  const { text, code, error } = await printedBy(() =>
    backtestCommand({
      open: async () => createMemoryStore(),
      load: () => loadText(`windows: { size: ${sizes[loads++] ?? '1m'} }`) as Loaded,
      async ofStored({ fromMs, toMs, wholeShop, against }) {
        asked.push({ fromMs, toMs, wholeShop, against: against !== undefined })
        return result
      },
      ofEvents: async () => result,
      clock: createManualClock(nowMs),
      log: createRecordedLog()
    }).parseAsync([...args], { from: 'user' })
  )
  if (error !== undefined) throw error
  return { text, code, asked }
}

describe('cartwatch backtest', () => {
  test('prints what changes, what each receiver would get, and pages a week', async () => {
    const { text, code, asked } = await run(['--from', '14d', '--config', 'new.yaml'])
    expect(asked).toEqual([{ fromMs: nowMs - 14 * dayMs, toMs: nowMs, wholeShop: false, against: false }])
    expect(text).toContain('20,160 windows from 2026-11-15 00:00:00 to 2026-11-29 00:00:00 UTC')
    expect(text).toContain('before: what was stored; after: new.yaml')
    expect(text).toMatch(/messages to team +│ 4 +│ 3 +│/)
    expect(text).toMatch(/pages +│ 1 +│ 3 +│ 2 +│/)
    expect(text).toMatch(/pages a week +│ 0\.5 +│ 1\.5 +│/)
    expect(text).toMatch(/gone +│ 2026-11-09 22:33:00 │ revenue_drop │ medium +│ false/)
    expect(text).toMatch(/4 min earlier, graver │ 2026-11-10 22:29:00 │ revenue_drop │ high → critical/)
    expect(text).toContain('Note: wishes has no stored value')
    expect(code).toBeUndefined()
  })

  test('is a check for CI: more new pages than are allowed exit with 1', async () => {
    expect((await run(['--max-new-pages', '2'])).code).toBeUndefined()
    const { text, code } = await run(['--max-new-pages', '1'])
    expect(text).toContain('2 new pages, and --max-new-pages allows 1\n')
    expect(code).toBe(1)
  })

  test('prints one JSON object', async () => {
    const { text } = await run(['--json', '--config', 'new.yaml'])
    const view = JSON.parse(text)
    expect(view).toMatchObject({
      windows: 20_160,
      before: 'what was stored',
      after: 'new.yaml',
      pages: { before: 1, after: 3, new: 2 },
      pages_per_week: { before: 0.5, after: 1.5 },
      incidents: {
        gone: [{ id: 'd', severity: 'medium', label: 'false' }],
        graver: [{ before: { id: 'a' }, after: { id: 'b', opened_at: '2026-11-10T22:29:00.000Z' } }]
      }
    })
  })

  test('refuses what stored windows cannot answer', async () => {
    const nothing: Backtest = {
      ...backtest,
      windows: 0,
      limits: [{ kind: 'other_size', sizeMs: 60_000, windows: 40_320 }]
    }
    const none = await run([], nothing, ['5m'])
    expect(none.text).toBe(
      'No windows of 5 min, which windows.size asks for, are stored of these times: 40,320 windows of 1 min were left out: stored windows cannot be cut anew, --events FILE can\n'
    )
    expect(none.code).toBe(1)
    const two = await run(['--against', 'old.yaml'], backtest, ['5m', '1m'])
    expect(two.text).toMatch(/different windows\.size/)
    expect(two.code).toBe(1)
  })

  test.each([
    [
      { kind: 'stored_from', atMs: opened },
      'windows are stored from 2026-11-10 22:33:00 on, and nothing before was judged'
    ],
    [{ kind: 'missing_windows', missing: 1, of: 1_440 }, '1 window of 1,440 is not stored'],
    [
      { kind: 'dimension', dimension: 'device' },
      'device has no stored segments, so its values were not judged. --events FILE counts them'
    ],
    [
      { kind: 'segments_from', dimension: 'country', atMs: opened },
      'segments of country are stored from 2026-11-10 22:33:00 on; before, only the whole shop was judged'
    ]
  ] as const)('says %j', (limit, text) => {
    expect(limitText(limit)).toBe(text)
  })
})
