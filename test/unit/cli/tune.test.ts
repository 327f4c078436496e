import { describe, expect, test } from 'vitest'
import { tuneCommand } from '../../../src/cli/tune/command.ts'
import type { Loaded } from '../../../src/config/load.ts'
import { type Tune, tunablesOf } from '../../../src/run/assembly/tune.ts'
import type { Trial } from '../../../src/run/tune/trial.ts'
import { dayMs, hourMs, minuteMs } from '../../../src/time/units.ts'
import { loadText } from '../../support/configs.ts'
import { createManualClock } from '../../support/manual-clock.ts'
import { createMemoryStore } from '../../support/memory-store.ts'
import { printedBy } from '../../support/printed-by.ts'
import { createRecordedLog } from '../../support/recorded-log.ts'

const nowMs = Date.UTC(2026, 10, 29)
const trial = (value: number, rest: Partial<Trial>): Trial => ({
  ...{ value, isConfigured: false, anomalies: 9, incidents: 4, pages: 2, missed: 0 },
  ...{ labelled: { real: 1, false: 2, expected: 1 }, drops: undefined, opened: [], ...rest }
})
const drops = (found: number, minutes: number | null) => [
  { depth: 0.3, drops: 5, found: 0, medianMs: null },
  { depth: 0.5, drops: 5, found, medianMs: minutes === null ? null : minutes * minuteMs }
]
const configured = trial(0.5, { isConfigured: true, drops: drops(3, 9) })
const stricter = trial(0.7, { incidents: 2, pages: 0, missed: 1, drops: drops(0, null) })
const looser = trial(0.35, { drops: drops(5, 4) })
const raised = { key: 'raise_factor', ladder: [{ severity: 'high', from: 12 }] } as const
const tune: Tune = {
  span: { fromMs: nowMs - 14 * dayMs, toMs: nowMs },
  ...{ seed: 1, windows: 20_160, labels: 4 },
  drops: [{ startMs: nowMs - 2 * hourMs, endMs: nowMs - hourMs, depth: 0.5 }],
  kinds: [
    {
      kind: 'checkout_failure',
      tuning: { key: 'drop', stricter: 'higher', unit: 'share', finds: 'purchases' },
      trials: [looser, configured, stricter],
      suggested: looser
    },
    {
      kind: 'refund_spike',
      tuning: { key: 'factor', stricter: 'higher', unit: 'number' },
      trials: [trial(3, { isConfigured: true }), trial(12, { raised })],
      suggested: trial(12, { raised })
    }
  ],
  limits: [{ kind: 'missing_windows', missing: 1, of: 20_160 }]
}

async function run(args: readonly string[], result: Tune = tune) {
  const asked: object[] = []
  const { text, code, error } = await printedBy(() =>
    tuneCommand({
      open: async () => createMemoryStore(),
      load: () => loadText('currency: USD\ndetectors: { late_spike: { enabled: false } }') as Loaded,
      kindsOf: tunablesOf,
      async tune({ fromMs, toMs, seed, kinds }) {
        asked.push({ fromMs, toMs, seed, kinds: kinds.map(({ kind }) => kind) })
        return result
      },
      clock: createManualClock(nowMs),
      log: createRecordedLog()
    })
      .exitOverride()
      .parseAsync([...args], { from: 'user' })
  )
  return { text, code: error === undefined ? code : (error as Error & { exitCode?: number }).exitCode, asked }
}

describe('cartwatch tune', () => {
  test('prints each setting of a kind with its labels and drops, and what to paste', async () => {
    const { text, code, asked } = await run(['--from', '14d', '--kind', 'refund_spike, checkout_failure'])
    expect(asked).toEqual([
      { fromMs: nowMs - 14 * dayMs, toMs: nowMs, seed: 1, kinds: ['checkout_failure', 'refund_spike'] }
    ])
    expect(text).toContain(
      '20,160 windows from 2026-11-15 00:00:00 to 2026-11-29 00:00:00 UTC, 4 labelled incidents'
    )
    expect(text).toContain('1 drop of 1 h each, seed 1')
    expect(text).toContain('checkout_failure: drop, configured: 50%')
    expect(text).toMatch(/35% +│ 9 +│ 4 +│ 1 +│ 1 +│ 0 +│ 2 +│ 1 +│ 0\/5 +│ 5\/5, 4 min +│ – +│ suggested/)
    expect(text).toMatch(/50% .*│ 3\/5, 9 min +│ – +│ configured/)
    expect(text).toMatch(/70% +│ 9 +│ 2 +│ 0 +│ 1 +│ 1 +│ .*0\/5 +│ 0\/5 +│/)
    expect(text).toContain(`detectors:
  checkout_failure:
    drop: 35%
  refund_spike:
    factor: 12
    raise_factor:
      high: 12
`)
    expect(text).toContain('Note: 1 window of 20,160 is not stored.')
    expect(code).toBeUndefined()
  })

  test('says so where nothing is better, and where there is no time for drops', async () => {
    const [checkout] = tune.kinds as [Tune['kinds'][number]]
    const { text } = await run([], {
      ...tune,
      drops: [],
      kinds: [{ ...checkout, suggested: undefined }],
      labels: 0
    })
    expect(text).toContain('No drops: they need two and a half days.')
    expect(text).toContain('No setting finds more drops')
    expect(text).not.toContain('missed')
  })

  test('prints one JSON object', async () => {
    const view = JSON.parse((await run(['--json', '--seed', '7'])).text)
    expect(view).toMatchObject({
      ...{ windows: 20_160, labelled_incidents: 4, from: '2026-11-15T00:00:00.000Z' },
      kinds: [
        {
          ...{ kind: 'checkout_failure', key: 'drop', loss: 'purchases', suggested: 0.35 },
          settings: [
            {
              ...{
                value: 0.35,
                configured: false,
                pages: 2,
                pages_per_week: 1,
                real: 1,
                false: 2,
                expected: 1
              },
              drops: [{}, { depth: 0.5, drops: 5, found: 5, median_ms: 240_000 }]
            },
            { value: 0.5, configured: true },
            { value: 0.7, missed: 1 }
          ]
        },
        { kind: 'refund_spike', loss: null, settings: [{ drops: null }, {}] }
      ]
    })
    expect(view.yaml).toMatch(/drop: 35%/)
  })

  test('tries all that is switched on, and refuses others', async () => {
    const { asked } = await run(['--seed', '3'])
    const [{ kinds }] = asked as [{ kinds: string[] }]
    expect(kinds).toContain('revenue_drop')
    expect(kinds).not.toContain('late_spike')
    // It watches no metric by default.
    expect(kinds).not.toContain('metric_change')
    const refused = await run(['--kind', 'late_spike,nonsense'])
    expect(refused.text).toContain('No threshold to try: late_spike, nonsense. There are revenue_drop, ')
    expect(refused.code).toBe(1)
    expect(refused.asked).toEqual([])
    expect((await run(['--from', '1d', '--to', '2d'])).text).toContain('--from must be before --to')
  })

  test('fails without windows', async () => {
    const { text, code } = await run([], {
      ...{ ...tune, windows: 0 },
      limits: [{ kind: 'other_size', sizeMs: 300_000, windows: 8 }]
    })
    expect(text).toBe(
      'No windows of 1 min are stored of these times: 8 windows of 5 min were left out: stored windows cannot be cut anew, --events FILE can\n'
    )
    expect(code).toBe(1)
  })
})
