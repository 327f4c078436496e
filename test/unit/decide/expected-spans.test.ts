import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { createCalendar, withOff } from '../../../detectors/baseline/calendar.ts'
import { createDetection } from '../../../detectors/detection.ts'
import { createDecider } from '../../../src/decide/decider.ts'
import { type Decision, insertDecisions } from '../../../src/decide/decision.ts'
import { createExpectedSpans } from '../../../src/decide/expected-spans.ts'
import { createIncidents } from '../../../src/incident/incidents.ts'
import type { LabelVerdict } from '../../../src/incident/label.ts'
import { labelling } from '../../../src/operator/actions.ts'
import { dayMs } from '../../../src/time/units.ts'
import { incidentOf, plainContext, receivers, rules, toBoth } from '../../support/alerts.ts'
import { detectorDefaults } from '../../support/detector-defaults.ts'
import { createManualClock } from '../../support/manual-clock.ts'
import { createMemoryStore, type MemoryStore } from '../../support/memory-store.ts'
import { createRecordedLog } from '../../support/recorded-log.ts'
import { minuteMs, startMs, usualMinute, windowOf } from '../detectors/shop-windows.ts'

const at = (minute: number) => startMs + minute * minuteMs
const labelOf = (id: string, verdict: LabelVerdict, minute: number) => {
  const incident = incidentOf({ id, pipeline: 'shop' })
  return labelling(incident, { verdict, reason: '' }, { by: 'ann', via: 'cli', at: at(minute) })
}

/** Works on the checkout from minute 720 to 810, longer than it takes to believe a level, and an outage from 860 on. */
function shopWindow(index: number) {
  const { events, cartAdds, carting, checkouts, orders, ...rest } = usualMinute(index)
  const share = index >= 720 && index < 810 ? 0.6 : index >= 860 ? 0 : 1
  return windowOf(index, {
    ...rest,
    events: 10 * events,
    cartAdds: 10 * cartAdds,
    carting: 10 * carting,
    checkouts: 10 * checkouts,
    orders: Math.round(10 * share * orders)
  })
}

/** An instance over what earlier ones stored. */
async function instanceOver(store: MemoryStore) {
  const clock = createManualClock(at(300))
  const alerting = { rules, routes: toBoth, receivers, context: plainContext, sending: false }
  const decided: Decision[] = []
  const calendar = createCalendar(() => [])
  let learns = 0
  const decider = createDecider({
    pipeline: 'shop',
    settings: {
      configHash: '',
      detectors: {},
      newDetection(isExpected) {
        learns++
        const off = withOff(calendar, isExpected)
        const options = { detectors: detectorDefaults, windowMs: minuteMs, timezone: 'UTC', currency: 'USD' }
        return createDetection({ ...options, calendar: off })
      },
      incidents: alerting
    },
    incidents: createIncidents({ pipeline: 'shop', memory: store, ...alerting }),
    store,
    historyMs: dayMs,
    allStored: async () => true,
    onDecision(decision) {
      decided.push(decision)
      void insertDecisions(store, 'shop', [decision])
    },
    clock,
    log: createRecordedLog()
  })
  const { actions } = await decider.restore()
  decider.act(actions)
  return {
    async judge(from: number, to: number) {
      decider.push(Array.from({ length: to - from }, (_, index) => shopWindow(from + index)))
      while (decider.waiting() > 0) await turn()
      await turn()
    },
    async label(id: string, verdict: LabelVerdict, minute: number) {
      const action = labelOf(id, verdict, minute)
      await store.insertActions([action])
      decider.act([action])
      decider.act([action])
    },
    /** What was found from a minute on, with what was expected. */
    found: (minute: number) =>
      decided.flatMap(({ anomalies }) =>
        anomalies
          .filter(({ windowEnd }) => windowEnd > at(minute))
          .map(({ kind, windowEnd, value, expected }) => ({ kind, windowEnd, value, expected }))
      ),
    ofWorks: () =>
      decided.flatMap(({ incidents }) => incidents).find(({ openedAt }) => openedAt > at(720))?.id ?? '',
    learns: () => learns
  }
}

/** Plays the works, which are labelled at a minute, and what follows up to another one. */
async function play(verdict: LabelVerdict | null, minute: number, until: number) {
  const store = createMemoryStore()
  store.put(Array.from({ length: 700 }, (_, index) => shopWindow(index)))
  const live = await instanceOver(store)
  await live.judge(700, minute)
  if (verdict !== null) await live.label(live.ofWorks(), verdict, minute)
  await live.judge(minute, until)
  return { store, live }
}

describe('the windows of an incident that was expected', () => {
  test('are not learned: its level is not believed, however long it lasts', async () => {
    const { live } = await play('expected', 750, 810)
    expect(live.found(805).map(({ kind }) => kind)).toContain('cart_abandonment_spike')
    for (const verdict of [null, 'real', 'false'] as const)
      expect((await play(verdict, 750, 810)).live.found(805)).toEqual([])
  })

  test.for([
    ['while it lasts', 750, 805, 810],
    ['once it is over', 830, 860, 870]
  ] as const)('are not learned after a restart, either, labelled %s', async ([, minute, from, to]) => {
    const { store, live } = await play('expected', minute, to)
    const restarted = await instanceOver(store)
    await restarted.judge(from, to)
    expect(live.found(from).length).toBeGreaterThan(0)
    expect(restarted.found(from)).toEqual(live.found(from))
  })

  test('are learned again once its label is another one', async () => {
    const { store, live } = await play('expected', 750, 810)
    await live.label(live.ofWorks(), 'real', 810)
    const restarted = await instanceOver(store)
    await restarted.judge(805, 810)
    expect(restarted.found(805)).toEqual([])
  })

  test.for([
    ['expected', 2],
    ['false', 1],
    ['real', 1]
  ] as const)('make the past be read again where it was %s: %i readings', async ([verdict, readings]) => {
    expect((await play(verdict, 750, 760)).live.learns()).toBe(readings)
  })
})

test('spans go from the first alert to the end of the incident, which may still be to come', () => {
  const spans = createExpectedSpans()
  const [alert] = incidentOf().alerts
  if (alert === undefined) throw new Error('an incident without an alert')
  const alerts = [
    { ...alert, conditionFrom: at(10), conditionTo: at(12) },
    { ...alert, segment: 'country=DE' as const, conditionFrom: at(8), conditionTo: at(20) }
  ]
  const open = incidentOf({ id: 'a', alerts })
  spans.replace([open])
  const covered = (minute: number) => spans.covers(at(minute), at(minute + 1))
  expect([covered(7), covered(8), covered(1_000)]).toEqual([false, true, true])
  spans.follow([incidentOf({ id: 'b', status: 'resolved', resolvedAt: at(9) })])
  spans.follow([{ ...open, status: 'resolved', resolvedAt: at(25) }])
  expect([covered(24), covered(25)]).toEqual([true, false])
  spans.forget()
  expect(covered(10)).toBe(false)
})

test('a label that is read again changes nothing, also of an incident that is not known', () => {
  const spans = createExpectedSpans()
  expect(spans.act([labelOf('x', 'real', 1)])).toBe(false)
  expect(spans.act([labelOf('x', 'expected', 2)])).toBe(true)
  spans.replace([])
  expect(spans.act([labelOf('x', 'expected', 2)])).toBe(false)
  expect(spans.act([labelOf('x', 'expected', 2), labelOf('x', 'false', 3)])).toBe(true)
  expect(spans.act([labelOf('x', 'false', 3)])).toBe(false)
})
