import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { ServiceAlert } from '../../../src/incident/service-alert.ts'
import { readAlertmanager } from '../../../src/intake/alertmanager.ts'
import { readAlert, type SentAlert } from '../../../src/intake/format.ts'
import { createIntake } from '../../../src/intake/intake.ts'
import { StoreError } from '../../../src/store/errors.ts'
import { visible } from '../../../src/telemetry/visible-text.ts'
import { epoch, incidentOf, minuteMs } from '../../support/alerts.ts'
import { driftAlert } from '../../support/drift-alert.ts'
import { createMemoryStore } from '../../support/memory-store.ts'

const drift = {
  ...driftAlert,
  timestamp: '2026-11-21T09:59:00Z',
  details: { feature: 'price' }
}
const alertOf = (changes: object = {}): SentAlert => {
  const read = readAlert({ ...drift, ...changes })
  if (read.kind === 'wrong') throw new Error(read.message)
  return read.alert
}
const messageOf = (value: unknown): string => {
  const read = readAlert(value)
  return read.kind === 'wrong' ? read.message : 'right'
}

describe('an alert that a service sends', () => {
  test.each<[string, object]>([
    ['drift', drift],
    [
      'policy_violation',
      {
        kind: 'policy_violation',
        model_id: 'm',
        violation_type: 'fairness',
        description: 'd',
        severity: 'critical'
      }
    ],
    [
      'policy_violation',
      {
        kind: 'faves',
        model_id: 'm',
        violation_type: 'ethics',
        description: 'd',
        affected_groups: ['a'],
        severity: 'info'
      }
    ],
    [
      'safety_event',
      {
        kind: 'safety_event',
        event_type: 'jailbreak',
        model_id: 'm',
        description: 'd',
        metadata: { user: 1 },
        severity: 'HIGH'
      }
    ],
    [
      'alert',
      {
        kind: 'alert',
        summary: 'Disk is full',
        service: 'db',
        severity: 'critical',
        quick_actions: [{ title: 'Shell', url: 'https://a.example' }]
      }
    ]
  ])('of the kind %s is read', (kind, value) => {
    const read = readAlert(value)
    expect(read.kind === 'right' && read.alert.kind).toBe(kind)
  })

  test.each<[string, object, string]>([
    [
      'no kind',
      { kind: undefined },
      'kind is missing; expected drift, policy_violation, faves, safety_event or alert'
    ],
    [
      'another kind',
      { kind: 'drifts' },
      'kind is "drifts"; expected drift, policy_violation, faves, safety_event or alert'
    ],
    [
      'no model',
      { model_id: undefined },
      'model_id is missing; expected letters, digits and . : / _ -, 1 to 128 of them'
    ],
    [
      'an id with a blank',
      { model_id: 'a b' },
      'model_id is "a b"; expected letters, digits and . : / _ -, 1 to 128 of them'
    ],
    ['a value as text', { current_value: '0.3' }, 'current_value is "0.3"; expected a number'],
    [
      'an unknown severity',
      { severity: 'bad' },
      'severity is "bad"; expected info, warning, low, medium, high or critical'
    ],
    [
      'a time without a zone',
      { timestamp: '2026-11-21T09:59:00' },
      'timestamp is "2026-11-21T09:59:00"; expected a time with its zone, such as 2026-11-28T20:00:00Z'
    ],
    [
      'a list in details',
      { details: { a: [] } },
      'details.a is a list; expected text, a number, true, false or null'
    ],
    [
      'a link that is none',
      { links: [{ title: 'a', url: 'javascript:1' }] },
      'links[0].url is "javascript:1"; expected a URL beginning with https:// or http://'
    ]
  ])('with %s is refused by its place', (_, changes, message) => {
    expect(messageOf({ ...drift, ...changes })).toBe(message)
  })

  test('with too many details, or an unknown key, is refused', () => {
    const many = Object.fromEntries(Array.from({ length: 51 }, (_, at) => [`k${at}`, at]))
    expect(messageOf({ ...drift, details: many })).toBe(
      'details is keys and values; expected at most 50 pairs'
    )
    expect(messageOf({ ...drift, modelid: 'a' })).toMatch(
      /^modelid is not a known key; expected kind, model_id/
    )
  })

  test('whatever it is, is read or refused with what would be right, and shows no control character', () => {
    const value = fc.oneof(
      fc.jsonValue(),
      fc.record({ kind: fc.constantFrom('drift', 'alert', 'faves') }),
      fc.jsonValue().map(one => ({ ...drift, details: one, model_name: one }))
    )
    fc.assert(
      fc.property(value, sent => {
        const read = readAlert(sent)
        if (read.kind === 'right') return
        expect(read.message).toContain('expected')
        expect(read.message).toBe(visible(read.message))
      })
    )
  })
})

function taking(rate = 10) {
  const store = createMemoryStore()
  const clock = { now: epoch }
  const taken: ServiceAlert[] = []
  const start = () =>
    createIntake({
      pipeline: 'shop',
      store,
      now: () => clock.now,
      ratePerMinute: () => rate,
      onStored: alerts => void taken.push(...alerts)
    })
  return { store, clock, taken, start, ...start() }
}

describe('what is taken in', () => {
  test('is stored with its incident, which the next one of its kind, model and metric goes on with', async () => {
    const { accept, clock, taken } = taking()
    const [first] = await accept([alertOf()])
    clock.now += 1_000
    const [second, other] = await accept([alertOf({ severity: 'critical' }), alertOf({ metric: 'ks' })])
    expect(first).toEqual({ status: 'accepted', incidentId: expect.stringMatching(/^[0-9a-f-]{36}$/) })
    expect(second).toEqual(first)
    expect(other).not.toEqual(first)
    expect(taken.map(({ segment, severity, at }) => [segment, severity, at - epoch])).toEqual([
      ['model=ranker-7 × metric=psi', 'medium', 0],
      ['model=ranker-7 × metric=psi', 'critical', 1_000],
      ['model=ranker-7 × metric=ks', 'medium', 1_000]
    ])
    expect(taken[0]).toMatchObject({
      details: 'psi of Ranker is 0.31, 0.1 at baseline: a drift of 210 %, threshold 0.2.',
      value: 0.31,
      expected: 0.1,
      occurredAt: Date.UTC(2026, 10, 21, 9, 59),
      evidence: { model_name: 'Ranker', drift_percentage: 210, 'detail.feature': 'price' }
    })
  })

  test('in one millisecond is in an order, so that a rise counts', async () => {
    const { accept, taken } = taking()
    await accept([alertOf(), alertOf({ severity: 'critical' })])
    await accept([alertOf({ status: 'resolved' })])
    expect(taken.map(({ severity, status, at }) => [severity, status, at - epoch])).toEqual([
      ['medium', 'firing', 0],
      ['critical', 'firing', 1],
      ['medium', 'resolved', 2]
    ])
  })

  test('twice by one idempotency key is one, also within one request and after a restart', async () => {
    const { accept, start, taken } = taking()
    const keyed = alertOf({ idempotency_key: 'k1' })
    const results = await accept([keyed, keyed])
    const again = await start().accept([keyed])
    expect([...results, ...again].map(({ status }) => status)).toEqual(['accepted', 'duplicate', 'duplicate'])
    expect(new Set([...results, ...again].map(one => 'incidentId' in one && one.incidentId)).size).toBe(1)
    expect(taken).toHaveLength(1)
  })

  test('is ten a minute of one kind and model, also after a restart; what is critical passes', async () => {
    const { accept, clock, start } = taking()
    const statuses = async (count: number, changes: object = {}, by = accept) =>
      (await by(Array.from({ length: count }, () => alertOf(changes)))).map(one =>
        one.status === 'rate_limited' ? one.retryAfterMs : one.status
      )
    expect(await statuses(6)).toEqual(Array(6).fill('accepted'))
    clock.now += 20_000
    expect(await statuses(5)).toEqual([...Array(4).fill('accepted'), 40_000])
    expect(await statuses(1, {}, start().accept)).toEqual([40_000])
    expect(await statuses(1, { model_id: 'other' })).toEqual(['accepted'])
    expect(await statuses(1, { severity: 'critical' })).toEqual(['accepted'])
    expect(await statuses(1, { skip_rate_limit: true })).toEqual(['accepted'])
    clock.now += 40_000
    expect(await statuses(7)).toEqual([...Array(6).fill('accepted'), 20_000])
  })

  test('as resolved ends what is open, and nothing where nothing is', async () => {
    const { accept, clock, store, taken } = taking()
    expect(await accept([alertOf({ status: 'resolved' })])).toEqual([
      { status: 'accepted', incidentId: null }
    ])
    expect(taken).toEqual([])
    const [first] = await accept([alertOf()])
    clock.now += minuteMs
    expect(await accept([alertOf({ status: 'resolved' })])).toEqual([first])
    const [anew] = await accept([alertOf()])
    expect(anew).not.toEqual(first)
    // It ended by itself: what comes now is another one.
    const [known] = taken.slice(-1)
    await store.insertIncidents([
      incidentOf({ id: known?.incidentId ?? '', kind: 'drift', status: 'resolved' })
    ])
    clock.now += minuteMs
    expect(await accept([alertOf()])).not.toEqual([anew])
  })

  test('is refused while the store is away, and then does not count', async () => {
    const { accept, store } = taking(1)
    store.isDown = true
    await expect(accept([alertOf()])).rejects.toMatchObject({ code: 'UNREACHABLE' })
    store.isDown = false
    const { insertServiceAlerts } = store
    store.insertServiceAlerts = async () => {
      throw new StoreError('TIMEOUT', 'too slow', { retryable: true })
    }
    await expect(accept([alertOf()])).rejects.toMatchObject({ code: 'TIMEOUT' })
    store.insertServiceAlerts = insertServiceAlerts
    expect(await accept([alertOf()])).toMatchObject([{ status: 'accepted' }])
  })

  test('is bounded where the store is slow', async () => {
    const { accept } = taking()
    const many = Array.from({ length: 100 }, () => alertOf({ skip_rate_limit: true }))
    const results = await Promise.allSettled(Array.from({ length: 60 }, () => accept(many)))
    const failed = results.flatMap(one => (one.status === 'rejected' ? [one.reason] : []))
    expect(failed.length).toBeGreaterThan(0)
    expect(failed[0]).toMatchObject({ retryable: true })
  })
})

test('Alertmanager’s webhook is read: one alert each, told apart by its fingerprint', () => {
  const sent = {
    version: '4',
    status: 'firing',
    receiver: 'cartwatch',
    alerts: [
      {
        status: 'firing',
        labels: {
          alertname: 'HighLatency',
          severity: 'warning',
          job: 'api',
          instance: 'api-1:9090',
          team: 'core'
        },
        annotations: {
          summary: 'p99 is above 2 s',
          description: 'It is 3.1 s.',
          runbook_url: 'https://wiki.example/p99'
        },
        startsAt: '2026-11-21T09:58:00.123Z',
        endsAt: '0001-01-01T00:00:00Z',
        generatorURL: 'http://prometheus.example/graph?g0',
        fingerprint: 'c2a6f1e0d0b1'
      }
    ]
  }
  expect(readAlertmanager(sent)).toMatchObject({
    kind: 'right',
    alerts: [
      {
        kind: 'alert',
        severity: 'medium',
        summary: 'p99 is above 2 s',
        name: 'HighLatency:c2a6f1e0d0b1',
        service: 'api',
        instance: 'api-1:9090',
        labels: { team: 'core' },
        links: [{ title: 'Source' }, { title: 'Runbook' }],
        skip_rate_limit: true
      }
    ]
  })
  expect(readAlertmanager({ ...sent, version: '3' })).toEqual({
    kind: 'wrong',
    message: 'version is "3"; expected 4'
  })
})
