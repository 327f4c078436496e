import { describe, expect, test } from 'vitest'
import type { Tune } from '../../../../src/run/assembly/tune.ts'
import type { FromTrial, TrialSettings } from '../../../../src/run/assembly/tune-thread.ts'
import { createTuneTrials } from '../../../../src/run/assembly/tune-trials.ts'
import { tunables } from '../../../../src/run/tune/settings.ts'
import type { Trial } from '../../../../src/run/tune/trial.ts'
import { dayMs } from '../../../../src/time/units.ts'
import { tuneAnswer } from '../../../../src/web/api/tune.ts'
import { fitting } from '../../../support/fitting.ts'
import { configOf } from '../../../support/inbound.ts'
import { createManualClock } from '../../../support/manual-clock.ts'

const nowMs = Date.UTC(2026, 10, 29)

/** Trials whose threads the test plays. */
function startTrials() {
  const clock = createManualClock(nowMs)
  const threads: {
    settings: TrialSettings
    say: (message: FromTrial) => void
    end: (reason?: string) => void
    ended: boolean
  }[] = []
  let config = configOf()
  const trials = createTuneTrials({
    config: () => config,
    clock,
    start(settings, { onMessage, onEnd }) {
      const thread = { settings, say: onMessage, end: onEnd, ended: false }
      threads.push(thread)
      return () => {
        thread.ended = true
      }
    }
  })
  return {
    trials,
    clock,
    threads,
    thread: (at: number) => threads[at] as (typeof threads)[number],
    reload(yaml: string) {
      config = configOf(yaml)
    },
    trial: () => fitting(tuneAnswer, trials.state()).trial
  }
}

const trialOf = (value: number, rest: Partial<Trial> = {}): Trial => ({
  ...{ value, isConfigured: false, anomalies: 3, incidents: 2, pages: 1, missed: 0 },
  ...{ labelled: { real: 0, false: 0, expected: 0 }, drops: undefined, opened: [], ...rest }
})

function done(...trials: readonly Trial[]): FromTrial {
  const one = tunables.find(({ kind }) => kind === 'refund_spike') as (typeof tunables)[number]
  const tune: Tune = {
    span: { fromMs: 0, toMs: 1 },
    ...{ seed: 1, windows: 20_160, drops: [], labels: 1, limits: [] },
    kinds: [{ ...one, trials, suggested: undefined }]
  }
  return { kind: 'done', tune }
}

const configured = trialOf(3, { isConfigured: true })

describe('trials of a threshold', () => {
  test('name what can be tried, as it is configured', () => {
    const { trials, reload } = startTrials()
    expect(trials.state().trial).toBeNull()
    const shown = (kind: string) => trials.state().kinds.find(one => one.kind === kind)
    expect(shown('checkout_failure')).toEqual({
      ...{ kind: 'checkout_failure', metric: 'checkout_success_rate', option: 'drop', unit: 'share' },
      ...{ stricter: 'higher', configured: 0.5, loss: 'purchases' }
    })
    reload('detectors: { checkout_failure: { enabled: false }, late_spike: { above: 7% } }')
    expect(shown('checkout_failure')).toBeUndefined()
    expect(shown('late_spike')).toMatchObject({ configured: 0.07, loss: null })
  })

  test('run one at a time, beside what is live, and say how far they are', () => {
    const { trials, threads, thread, trial } = startTrials()
    expect(trials.start('refund_spike', 14, undefined)).toBeUndefined()
    expect(thread(0).settings).toMatchObject({
      ...{ kind: 'refund_spike', seed: 1, values: undefined },
      ...{ fromMs: nowMs - 14 * dayMs, toMs: nowMs }
    })
    expect(trial()).toMatchObject({ status: 'running', progress: 0, settings: [] })
    thread(0).say({ kind: 'progress', share: 0.4 })
    expect(trial()).toMatchObject({ status: 'running', progress: 0.4 })
    expect(trials.start('traffic_drop', 14, undefined)).toEqual({
      code: 409,
      message: 'refund_spike is being tried: wait until that is done, or stop it.'
    })
    expect(threads).toHaveLength(1)
  })

  test('show each setting, the one that finds most first, with what to paste', () => {
    const { trials, thread, trial } = startTrials()
    trials.start('refund_spike', 14, undefined)
    const opened = [
      { id: 'a', severity: 'high', openedAt: nowMs - dayMs, resolvedAt: null, verdict: 'false' } as const
    ]
    thread(0).say(done(trialOf(1.5, { opened }), configured))
    const shown = trial()
    expect(shown).toMatchObject({ status: 'done', progress: 1, windows: 20_160, labelled_incidents: 1 })
    expect(
      shown?.settings.map(({ value, configured: is, pages_per_week: pages }) => [value, is, pages])
    ).toEqual([
      [1.5, false, 0.5],
      [3, true, 0.5]
    ])
    expect(shown?.settings[0]?.opened).toEqual([
      { opened_at: '2026-11-28T00:00:00.000Z', resolved_at: null, severity: 'high', label: 'false' }
    ])
    expect(shown?.settings[0]?.yaml).toBe('detectors:\n  refund_spike:\n    factor: 1.5\n')
  })

  test('try a further value on the same windows, in its place among the others', async () => {
    const { trials, thread, trial, clock } = startTrials()
    trials.start('refund_spike', 14, undefined)
    thread(0).say(done(trialOf(1.5), configured, trialOf(6)))
    await clock.advance(dayMs)
    trials.start('refund_spike', 14, 4)
    expect(thread(1).settings).toMatchObject({ values: [4], fromMs: nowMs - 14 * dayMs, toMs: nowMs })
    expect(trial()?.settings).toHaveLength(3)
    thread(1).say(done(trialOf(4, { incidents: 1 })))
    expect(trial()?.settings.map(({ value }) => value)).toEqual([1.5, 3, 4, 6])
    // What is suggested is so among all of them.
    expect(trial()?.settings.map(({ suggested }) => suggested)).toEqual([false, false, false, false])
    trials.start('refund_spike', 7, undefined)
    expect(trial()).toMatchObject({ status: 'running', days: 7, settings: [] })
  })

  test('say why one failed, and that the configuration has changed since', () => {
    const { trials, thread, trial, reload } = startTrials()
    trials.start('refund_spike', 14, undefined)
    thread(0).say({ kind: 'failed', message: 'ClickHouse does not answer' })
    thread(0).end()
    expect(trial()).toMatchObject({ status: 'failed', error: 'ClickHouse does not answer', outdated: false })
    reload('detectors: { refund_spike: { factor: 4 } }')
    expect(trial()?.outdated).toBe(true)
    trials.start('refund_spike', 14, undefined)
    thread(1).end('it ran out of memory')
    expect(trial()).toMatchObject({ status: 'failed', error: 'it ran out of memory', outdated: false })
    trials.start('refund_spike', 14, undefined)
    thread(2).end()
    expect(trial()?.error).toBe('it ended without a result')
  })

  test('end when they are stopped: what was tried before stays, what comes later is of nobody', () => {
    const { trials, thread, trial } = startTrials()
    trials.start('refund_spike', 14, undefined)
    trials.stop()
    expect([thread(0).ended, trial()]).toEqual([true, null])
    trials.start('refund_spike', 14, undefined)
    thread(0).say(done(trialOf(99)))
    thread(0).end('terminated')
    expect(trial()).toMatchObject({ status: 'running', settings: [] })
    thread(1).say(done(configured))
    thread(1).end()
    expect(trial()?.status).toBe('done')
    trials.start('refund_spike', 14, 5)
    trials.stop()
    expect(trial()).toMatchObject({ status: 'done', settings: [{ value: 3 }] })
  })

  test('refuse a kind that has no threshold here', () => {
    const { trials } = startTrials()
    expect(trials.start('pipeline_stalled', 14, undefined)).toMatchObject({
      code: 400,
      message: expect.stringMatching(
        /^There is no threshold of pipeline_stalled to try; there are revenue_drop, /
      )
    })
  })
})
