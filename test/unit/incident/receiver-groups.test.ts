import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createIncidents } from '../../../src/incident/incidents.ts'
import type { NotificationRecord } from '../../../src/incident/types.ts'
import { picks } from '../../../src/routing/group.ts'
import { anything } from '../../../src/routing/matchers.ts'
import type { ReceiverSettings } from '../../../src/routing/receiver.ts'
import {
  createMemory,
  lineOf,
  minuteMs,
  minuteOf,
  pagerWith,
  plainContext,
  routeTo,
  rules,
  type Sign,
  slackAt
} from '../../support/alerts.ts'

const receivers = new Map<string, ReceiverSettings>([
  ['ann', slackAt('https://hooks.slack.com/a', true)],
  ['bob', slackAt('https://hooks.slack.com/b', true)],
  ['pager-1', pagerWith('1'.repeat(32))],
  ['pager-2', pagerWith('2'.repeat(32))]
])
const channels = ['ann', 'bob']
const pagers = ['pager-1', 'pager-2']
const groupOf = (pick: (typeof picks)[number], [first = '', ...others]: readonly string[]) => ({
  pick,
  members: [{ receiver: first, weight: 1 }, ...others.map(receiver => ({ receiver, weight: 1 }))] as const
})

const scenario = fc.record({
  pick: fc.constantFrom(...picks),
  signs: fc.array(fc.constantFrom<Sign>('m', 'h', 'c', '.', '?'), { minLength: 5, maxLength: 40 }),
  /** How busy and how blocked each receiver is, asked again and again. */
  loads: fc.infiniteStream(fc.record({ isBlocked: fc.boolean(), waiting: fc.integer({ min: 0, max: 3 }) })),
  /** Minutes that end in a crash, before or after the incidents are stored. */
  crashes: fc.array(fc.constantFrom('none', 'none', 'none', 'before', 'after'), {
    minLength: 40,
    maxLength: 40
  }),
  silence: fc.option(
    fc.record({ from: fc.integer({ min: 1, max: 30 }), for: fc.integer({ min: 1, max: 15 }) })
  )
})

test('an incident stays with one member of each group, through loads, rises, silences and crashes', async () => {
  await fc.assert(
    fc.asyncProperty(scenario, async ({ pick, signs, loads, crashes, silence }) => {
      const memory = createMemory()
      const groups = new Map([
        ['team', groupOf(pick, channels)],
        ['on-call', groupOf(pick, pagers)]
      ])
      const started = () =>
        createIncidents({
          pipeline: 'shop',
          rules: { ...rules, remindAfterMs: 5 * minuteMs },
          routes: [
            routeTo('on-call', { match: { ...anything, severities: ['high', 'critical'] }, continues: true }),
            routeTo('team')
          ],
          receivers,
          groups: { groups, loadOf: () => loads.next().value },
          context: plainContext,
          sending: true,
          memory
        })
      let incidents = started()
      const sent: NotificationRecord[] = []
      for (const [index, sign] of signs.entries()) {
        const { verdict, anomalies, windowEnd } = minuteOf(index + 1, sign)
        const nowMs = windowEnd + 10_000
        if (silence?.from === index) {
          memory.putAction(silenceOf(nowMs, silence.for))
          const silenced = incidents.onActions([silenceOf(nowMs, silence.for)], nowMs)
          memory.putNotifications(silenced.notifications)
          memory.putIncidents(silenced.incidents)
          sent.push(...silenced.notifications)
        }
        for (const decided of [
          incidents.onWindow(verdict, anomalies, nowMs),
          incidents.tick(nowMs + 30_000)
        ]) {
          memory.putNotifications(decided.notifications)
          sent.push(...decided.notifications)
          if (crashes[index] !== 'before') memory.putIncidents(decided.incidents)
        }
        if (crashes[index] === 'none') continue
        incidents = started()
        const { actions } = await incidents.restore(0, nowMs)
        const again = incidents.onActions(actions, nowMs)
        memory.putNotifications(again.notifications)
        sent.push(...again.notifications)
        if (crashes[index] === 'before') {
          const repeated = incidents.onWindow(verdict, anomalies, nowMs + 60_000)
          memory.putNotifications(repeated.notifications)
          memory.putIncidents(repeated.incidents)
          sent.push(...repeated.notifications)
        }
      }
      const toMembers = sent.filter(({ outcome }) => outcome === 'pending')
      for (const group of [channels, pagers]) {
        const members = new Map<string, Set<string>>()
        for (const { incidentId, receiver } of toMembers.filter(record => group.includes(record.receiver)))
          members.set(incidentId, (members.get(incidentId) ?? new Set()).add(receiver))
        for (const names of members.values()) expect([...names]).toHaveLength(1)
      }
    }),
    { numRuns: 60 }
  )
})

test('a page that a silence ended is opened again at the same member', () => {
  let busy = 'pager-2'
  const incidents = createIncidents({
    pipeline: 'shop',
    rules,
    routes: [routeTo('on-call')],
    receivers,
    groups: {
      groups: new Map([['on-call', groupOf('least_waiting', pagers)]]),
      loadOf: receiver => ({ isBlocked: false, waiting: receiver === busy ? 5 : 0 })
    },
    context: plainContext,
    sending: true,
    memory: createMemory()
  })
  const lines: string[] = []
  for (let minute = 1; minute <= 6; minute++) {
    const { verdict, anomalies, windowEnd } = minuteOf(minute, 'c')
    const decided = [
      ...incidents.onWindow(verdict, anomalies, windowEnd).notifications,
      ...(minute === 2 ? incidents.onActions([silenceOf(windowEnd, 3)], windowEnd).notifications : [])
    ]
    lines.push(...decided.map(record => `${minute}: ${lineOf(record)}`))
    busy = 'pager-1'
  }
  expect(lines).toEqual([
    '1: pager-1 trigger critical opened',
    '2: pager-1 resolve critical silenced',
    '5: pager-1 trigger critical silence_ended'
  ])
})

const silenceOf = (at: number, minutes: number) => ({
  id: `silence-${at}`,
  pipeline: 'shop',
  action: 'silence' as const,
  at,
  by: 'ann',
  via: 'cli' as const,
  incidentId: null,
  severity: null,
  silence: {
    id: `silence-${at}`,
    matchers: anything,
    by: 'ann',
    reason: 'maintenance',
    startsAt: at,
    endsAt: at + minutes * minuteMs
  }
})

test('a member that an escalation brings in does not take the incident from the one that has it', () => {
  const level = { afterMs: minuteMs, receivers: ['ann'], mention: [], onlyIfUndelivered: false, when: [] }
  const incidents = createIncidents({
    pipeline: 'shop',
    rules,
    routes: [routeTo('team', { escalate: 'on-call' })],
    receivers,
    // `ann` comes first of the group, and has more to do.
    groups: {
      groups: new Map([['team', groupOf('least_waiting', channels)]]),
      loadOf: name => ({ isBlocked: false, waiting: name === 'ann' ? 5 : 0 })
    },
    context: { ...plainContext, escalations: new Map([['on-call', [level]]]) },
    sending: true,
    memory: createMemory()
  })
  const lines = [...'hhhc'].flatMap((sign, index) => {
    const { verdict, anomalies, windowEnd } = minuteOf(index + 1, sign as Sign)
    return incidents.onWindow(verdict, anomalies, windowEnd + 10_000).notifications.map(lineOf)
  })
  expect(lines).toEqual([
    'bob trigger high opened',
    'ann trigger high escalated:1',
    'bob trigger critical severity_rose',
    'ann trigger critical severity_rose'
  ])
})
