import { describe, expect, test } from 'vitest'
import type { Warmup } from '../../../../detectors/types.ts'
import type { StreamProblem } from '../../../../src/decode/stream/problems.ts'
import type { StreamHealth } from '../../../../src/decode/stream/stream-watch.ts'
import type { ReceiverState } from '../../../../src/delivery/types.ts'
import { maskedReadiness, readinessOf, receiverFigures } from '../../../../src/run/assembly/readiness.ts'
import type { LiveState } from '../../../../src/run/live/types.ts'
import type { StoreReason } from '../../../../src/store/reasons.ts'
import { readinessPage } from '../../../../src/web/readiness.ts'
import type { Component } from '../../../../src/web/types.ts'
import { epoch, slackAt } from '../../../support/alerts.ts'

const source: LiveState['source'] = {
  role: 'working',
  answeredAt: epoch,
  lag: new Map([
    ['t/0', 1],
    ['t/1', 2]
  ]),
  lastError: undefined,
  faults: []
}
const detectionWith = (...warmup: Warmup[]): LiveState['detection'] => ({
  learn() {},
  judge: () => {
    throw new Error('not asked here')
  },
  warmup: () => warmup
})
const state: LiveState = {
  source,
  work: undefined,
  waiting: 0,
  storeFailure: undefined,
  storeWriteMs: 12,
  detection: detectionWith(),
  stall: undefined,
  deadLetters: undefined,
  currency: undefined,
  topics: new Map()
}

const resting: ReceiverState = { waiting: 0, nextAt: null, breaker: 'closed', last: undefined }

const fault = (reason: StoreReason, error: string) => ({ reason, error, since: epoch })

const receivers = new Map([['slack', slackAt('https://hooks.example/secret')]])
const of = (fields: Partial<LiveState>, nowMs = epoch) =>
  readinessOf({ ...state, ...fields }, { receiver: () => resting }, { receivers, alerts: true }, nowMs)

/** Each component but the events as `status: detail`, and whether the page is ready. */
function shown(fields: Partial<LiveState>, nowMs?: number): string[] {
  const readiness = of(fields, nowMs)
  const { events: _, ...others } = readiness.components
  const components = Object.entries(others).map(
    ([name, { status, detail }]) => `${name} ${status}${detail === undefined ? '' : `: ${detail}`}`
  )
  return [readinessPage(readiness).status, ...components]
}

const sourceOf = (fields: Partial<LiveState['source']>): Partial<LiveState> => ({
  source: { ...source, ...fields }
})
const ok = ['kafka ok: 3 records behind', 'store ok', 'detection ok'] as const
const asked = 'store waiting: not asked yet'

describe('what /readyz says', () => {
  test.each<[string, Partial<LiveState>, readonly string[]]>([
    ['all is well', {}, ['ready', ...ok]],
    [
      'another instance works',
      { ...sourceOf({ role: 'standby' }), detection: undefined },
      ['ready', 'kafka standby: another instance works', 'store standby', 'detection standby']
    ],
    [
      'the group is being joined',
      sourceOf({ role: 'joining', answeredAt: undefined }),
      ['not_ready', 'kafka waiting: joining the group', asked, ok[2]]
    ],
    [
      'the broker cannot be reached at the start',
      sourceOf({ role: 'joining', answeredAt: undefined, lastError: 'connect ECONNREFUSED' }),
      ['not_ready', 'kafka waiting: connect ECONNREFUSED', asked, ok[2]]
    ],
    [
      'the offsets are being found',
      sourceOf({ role: 'restoring' }),
      ['not_ready', 'kafka waiting: finding its offsets', asked, ok[2]]
    ],
    [
      'the store is not there at the start',
      {
        ...sourceOf({ role: 'restoring', lastError: 'the store is away' }),
        storeFailure: fault('unreachable', 'the store is away'),
        detection: undefined
      },
      [
        'not_ready',
        'kafka waiting: the store is away',
        'store failed: unreachable: 0 windows wait: the store is away',
        'detection warming_up: no window closed yet'
      ]
    ],
    [
      'the store went away',
      { storeFailure: fault('unreachable', 'the store is away'), waiting: 7 },
      ['not_ready', ok[0], 'store failed: unreachable: 7 windows wait: the store is away', ok[2]]
    ],
    [
      'the store is slow',
      { storeWriteMs: 3_240, waiting: 2 },
      ['ready', ok[0], 'store ok: slow: the last write took 3.2 s', ok[2]]
    ],
    ['windows wait for no fault of the store', { waiting: 7 }, ['ready', ...ok]],
    [
      'the pipeline is stalled',
      { stall: { cause: 'lag_grows', since: epoch, lag: 3, subject: undefined, error: undefined } },
      ['ready', 'kafka ok: 3 records behind, stalled: lag_grows', ok[1], ok[2]]
    ],
    [
      'a partition keeps all windows from closing',
      { stall: { cause: 'partition_holds', since: epoch, lag: 3, subject: 't/1', error: undefined } },
      ['not_ready', 'kafka failed: no window closes: t/1, 3 records behind', ok[1], ok[2]]
    ],
    [
      'no window closes although events are read',
      { stall: { cause: 'nothing_closes', since: epoch, lag: 3, subject: undefined, error: undefined } },
      ['not_ready', 'kafka failed: no window closes: windows wait, 3 records behind', ok[1], ok[2]]
    ],
    [
      'closed windows wait',
      { stall: { cause: 'windows_wait', since: epoch, lag: 0, subject: 'the store', error: undefined } },
      ['not_ready', 'kafka failed: closed windows wait for the store', ok[1], ok[2]]
    ],
    [
      'no window has closed yet',
      { detection: undefined },
      ['ready', ok[0], ok[1], 'detection warming_up: no window closed yet']
    ],
    [
      'some kinds lack history',
      {
        detection: detectionWith(
          { kind: 'revenue_drop', windowsSeen: 3, windowsNeeded: 60 },
          { kind: 'data_loss', windowsSeen: 60, windowsNeeded: 60 },
          { kind: 'traffic_drop', windowsSeen: 59, windowsNeeded: 60 }
        )
      },
      ['ready', ok[0], ok[1], 'detection warming_up: revenue_drop 3/60, traffic_drop 59/60']
    ]
  ])('where %s', (_when, fields, expected) => {
    expect(shown(fields)).toEqual(expected)
  })

  test('dead letters that cannot be kept are no matter for a while, and then one of readiness', () => {
    const deadLetters = { since: epoch, error: 'shop-events.dlq: not authorized' }
    expect(shown({ deadLetters }, epoch + 30_000)).toEqual(['ready', ...ok])
    expect(shown({ deadLetters, ...sourceOf({ answeredAt: epoch + 30_001 }) }, epoch + 30_001)).toEqual([
      'not_ready',
      ...ok,
      'dead_letters failed: cannot be kept, so nothing is committed: shop-events.dlq: not authorized'
    ])
  })

  test('a store that fails has its reason in fields, too', () => {
    const { components } = of({ storeFailure: fault('out_of_disk', 'Code: 243.'), waiting: 3 })
    expect(components['store']).toEqual({
      status: 'failed',
      detail: 'out_of_disk: 3 windows wait: Code: 243.',
      reason: 'out_of_disk',
      since: new Date(epoch).toISOString(),
      waiting: 3
    })
  })

  test('a broker that has not answered for more than 30 s is gone, whatever was the role', () => {
    const failed = 'kafka failed: no answer for 31 s: unknown'
    expect(shown({}, epoch + 30_000)).toEqual(['ready', ...ok])
    expect(shown({}, epoch + 31_000).slice(0, 2)).toEqual(['not_ready', failed])
    expect(shown(sourceOf({ role: 'standby' }), epoch + 31_000).slice(0, 2)).toEqual(['not_ready', failed])
    expect(shown(sourceOf({ lastError: 'closed connection' }), epoch + 90_400)[1]).toBe(
      'kafka failed: no answer for 90 s: closed connection'
    )
  })

  test.each<[string, ReceiverState, boolean, string]>([
    ['nothing was sent yet', resting, true, 'ok: nothing sent yet, 0 notifications wait'],
    [
      'it took the last one',
      { ...resting, waiting: 1, nextAt: epoch + 250, last: { outcome: 'sent', answer: 'ok' } },
      true,
      'ok: 1 notification waits, the next may go at 2026-11-21T10:00:00.250Z; the last one: sent, ok'
    ],
    [
      'it refuses',
      { ...resting, last: { outcome: 'refused', answer: '404 no_service' } },
      true,
      'failed: 0 notifications wait; the last one: refused, 404 no_service'
    ],
    [
      'it fails for a while',
      { waiting: 3, nextAt: epoch + 60_000, breaker: 'open', last: { outcome: 'pending', answer: '500' } },
      true,
      'failed: 3 notifications wait, the next may go at 2026-11-21T10:01:00.000Z, breaker open; the last one: pending, 500'
    ],
    ['nothing is to be sent', resting, false, 'ok: alerts: off, nothing is sent']
  ])(
    'a receiver is listed by name, without its address, and never makes us unready: %s',
    (_, last, alerts, expected) => {
      const readiness = readinessOf(state, { receiver: () => last }, { receivers, alerts }, epoch)
      const { status, detail } = readiness.receivers['slack'] as Component
      expect(`${status}: ${detail}`).toBe(expected)
      expect(readinessPage(readiness).status).toBe('ready')
    }
  )
})

test('the metrics have what waits for a receiver, and for how long yet', () => {
  const states: Readonly<Record<string, ReceiverState>> = {
    slack: { waiting: 3, nextAt: epoch + 2_500, breaker: 'open', last: undefined },
    late: { waiting: 1, nextAt: epoch - 10, breaker: 'closed', last: undefined },
    mail: resting
  }
  const delivery = { receiver: (name: string) => states[name] ?? resting }
  expect([...receiverFigures(Object.keys(states), delivery, epoch)]).toEqual([
    ['slack', { waiting: 3, waitMs: 2_500, breaker: 'open' }],
    ['late', { waiting: 1, waitMs: 0, breaker: 'closed' }],
    ['mail', { waiting: 0, waitMs: 0, breaker: 'closed' }]
  ])
})

test('what the page says of others is masked, and its own words are not', () => {
  const readiness = {
    components: { store: { status: 'failed', detail: 'the user ok: sesame is wrong' } },
    receivers: { ok: { status: 'ok' } }
  } as const
  expect(maskedReadiness(readiness, text => text.replaceAll(/ok|sesame/g, '***'))).toEqual({
    components: { store: { status: 'failed', detail: 'the user ***: *** is wrong' } },
    receivers: { ok: { status: 'ok' } }
  })
})

describe('what /readyz says of the events', () => {
  const problem = (sentence: string): StreamProblem => ({
    what: 'invalid_price',
    count: 7,
    share: 1,
    sentence
  })
  const topic = (records: number, isUsable: boolean, ...sentences: string[]): StreamHealth => ({
    records,
    isUsable,
    problems: sentences.map(problem)
  })
  const eventsOf = (topics: Readonly<Record<string, StreamHealth>>) => {
    const readiness = of({ topics: new Map(Object.entries(topics)) })
    return { page: readinessPage(readiness).status, ...readiness.components['events'] }
  }

  test('nothing, before there are any', () => {
    expect(eventsOf({})).toEqual({ page: 'ready', status: 'ok' })
    expect(eventsOf({ shop: topic(0, true) })).toEqual({ page: 'ready', status: 'ok' })
  })

  test('what is wrong with them, of which topic where there are several, and stays ready', () => {
    expect(eventsOf({ shop: topic(9, true, 'one thing', 'another') })).toEqual({
      page: 'ready',
      status: 'ok',
      detail: 'one thing; another'
    })
    expect(eventsOf({ shop: topic(9, true), app: topic(99, false, 'all dead') })).toEqual({
      page: 'ready',
      status: 'ok',
      detail: 'app: all dead'
    })
  })

  test('that none can be used, and is not ready', () => {
    expect(eventsOf({ shop: topic(99, false, 'all dead'), app: topic(0, true) })).toEqual({
      page: 'not_ready',
      status: 'failed',
      reason: 'nothing_usable',
      detail: 'shop: all dead'
    })
  })
})
