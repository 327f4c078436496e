import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createPages } from '../../../src/demo/inbox/pagerduty-rules.ts'
import type { IncidentRecords } from '../../../src/incident/incidents.ts'
import { isUnnotified } from '../../../src/incident/last-notified.ts'
import { readNotificationLog } from '../../../src/incident/notification-log.ts'
import type { NotificationRecord } from '../../../src/incident/types.ts'
import {
  alertingOn as alertingBy,
  receivers as allReceivers,
  createMemory,
  epoch,
  lineOf,
  type Memory,
  minuteMs,
  minuteOf,
  minuteOfKinds,
  type Sign,
  toBoth
} from '../../support/alerts.ts'
import { tries } from '../../support/tries.ts'

/** Alerts that can have one cause are one incident. */
const alertingOn = (memory: Memory) =>
  alertingBy(memory, toBoth, true, allReceivers, { groupWithinMs: 15 * minuteMs })

/** What was found in a minute; `?` is nothing judged, and one sign alone is of revenue. */
type Minute = Sign | Readonly<Record<string, Sign>>
const playedAt = (minute: number, found: Minute) =>
  typeof found === 'string' ? minuteOf(minute, found) : minuteOfKinds(minute, found)

const graceMs = 10_000
const startMs = epoch - minuteMs

/** Two receivers that remember: PagerDuty its pages, Slack every message by its id. */
function createReceivers() {
  const pages = createPages()
  const sent: NotificationRecord[] = []
  return {
    pages: pages.all,
    sent,
    slack: () => sent.filter(({ receiver }) => receiver === 'slack'),
    send(record: NotificationRecord) {
      sent.push(record)
      if (record.receiver === 'pagerduty') pages.apply('key', record.action, record.dedupKey ?? '')
    }
  }
}
type Receivers = ReturnType<typeof createReceivers>

/** How far the window got at which the crash happened. */
const stages = ['decided', 'notifications stored', 'sent', 'outcome stored', 'incidents stored'] as const
type Stage = (typeof stages)[number]

interface Run {
  readonly memory: Memory
  readonly receivers: Receivers
  /** Without a store nothing is recorded, but everything is sent. */
  readonly storeAnswers: boolean
}

function carryOut(
  { memory, receivers, storeAnswers }: Run,
  decided: IncidentRecords,
  until: Stage = 'incidents stored'
) {
  const last = stages.indexOf(until)
  const reached = (stage: Stage) => stages.indexOf(stage) <= last
  const { notifications, incidents } = decided
  if (storeAnswers && reached('notifications stored')) memory.putNotifications(notifications)
  if (reached('sent')) for (const record of notifications) receivers.send(record)
  if (storeAnswers && reached('outcome stored')) {
    memory.putNotifications(notifications.map(record => ({ ...record, outcome: 'sent' })))
  }
  if (storeAnswers && reached('incidents stored')) memory.putIncidents(incidents)
}

/** Plays minutes [from, to), none before it closes. */
function derive(
  run: Run,
  signs: readonly Minute[],
  from: number,
  to: number,
  alerting = alertingOn(run.memory),
  notBefore = 0
) {
  for (let minute = from; minute < to; minute++) {
    const { verdict, anomalies, windowEnd } = playedAt(minute, signs[minute] as Minute)
    const now = Math.max(windowEnd + graceMs, notBefore)
    carryOut(run, alerting.onWindow(verdict, anomalies, now))
  }
  return alerting
}

/** Starts again at `nowMs`: sends what was pending and plays from `from` to the end. */
async function restart(run: Run, signs: readonly Minute[], from: number, nowMs: number) {
  const alerting = alertingOn(run.memory)
  await resume(run, alerting, nowMs)
  derive(run, signs, from, signs.length, alerting, nowMs)
}

async function resume(run: Run, alerting: ReturnType<typeof alertingOn>, nowMs: number) {
  for (const record of (await alerting.restore(startMs, nowMs)).pending) {
    run.receivers.send(record)
    run.memory.putNotifications([{ ...record, outcome: 'sent' }])
  }
}

const sign = fc.constantFrom<Sign>('h', 'c', 'm', '.', '.', '.', '?')
const runs = fc.array(fc.tuple(sign, fc.integer({ min: 1, max: 8 })), { maxLength: 12 })
/** Two of one cause, and one that can share a cause with the first alone. */
const kinds = ['revenue_drop', 'checkout_failure', 'data_quality']
/** Runs of like minutes of each kind, with an end in which all is clear. */
const timelines = fc
  .tuple(...kinds.map(() => runs))
  .map(ofKinds =>
    timelineOf(ofKinds.map(parts => parts.flatMap(([one, length]) => Array<Sign>(length).fill(one))))
  )

function timelineOf(signs: readonly (readonly Sign[])[]): Minute[] {
  const length = Math.max(...signs.map(one => one.length)) + 16
  return Array.from({ length }, (_, minute) =>
    Object.fromEntries(kinds.map((kind, at): [string, Sign] => [kind, signs[at]?.[minute] ?? '.']))
  )
}
const crashes = fc.record({
  at: fc.nat(),
  stage: fc.constantFrom(...stages),
  back: fc.nat({ max: 30 }),
  downMs: fc.constantFrom(0, 8_000, 30_000)
})

const closedAt = (minute: number) => epoch + minute * minuteMs + graceMs
const idsOf = (records: readonly NotificationRecord[]) => [...new Set(records.map(({ id }) => id))].sort()

function uninterrupted(signs: readonly Minute[]): Receivers {
  const receivers = createReceivers()
  derive({ memory: createMemory(), receivers, storeAnswers: true }, signs, 0, signs.length)
  return receivers
}

describe('a crash with a store that answers', () => {
  test('changes no message, opens no page twice and leaves none open, wherever it happens', async () => {
    const property = fc.asyncProperty(timelines, crashes, async (signs, crash) => {
      const at = crash.at % signs.length
      const run = { memory: createMemory(), receivers: createReceivers(), storeAnswers: true }
      const alerting = derive(run, signs, 0, at)
      const { verdict, anomalies } = playedAt(at, signs[at] as Minute)
      carryOut(run, alerting.onWindow(verdict, anomalies, closedAt(at)), crash.stage)
      await restart(run, signs, Math.max(0, at - crash.back), closedAt(at) + crash.downMs)

      const expected = uninterrupted(signs)
      expect(idsOf(run.receivers.sent)).toEqual(idsOf(expected.sent))
      expect(run.receivers.pages()).toEqual(expected.pages())
      expect(run.receivers.pages().every(({ opened, status }) => opened === 1 && status === 'resolved')).toBe(
        true
      )
      // Only a crash between sending and its record can send a message again.
      if (crash.stage !== 'sent') {
        expect(run.receivers.sent).toHaveLength(expected.sent.length)
      }
    })
    // The alert that leads has ended, and a later one goes and comes: what is drawn reaches that seldom.
    const drops = [...'hhhhhhhhhhhh.hhhhh...hhhhhhhhhh'] as Sign[]
    const crash = { at: 15, stage: 'outcome stored', back: 0, downMs: 0 } as const
    await fc.assert(property, { numRuns: tries(400), examples: [[timelineOf([drops, ['h']]), crash]] })
  })
})

describe('crashes one after another, with long pauses between them', () => {
  const stops = fc.array(
    fc.record({
      at: fc.nat(),
      stage: fc.constantFrom(...stages.filter(stage => stage !== 'sent')),
      downMinutes: fc.constantFrom(0, 1, 3, 14, 15, 16, 40)
    }),
    { minLength: 1, maxLength: 4 }
  )

  test('leave no incident without a notification, send nothing twice and resolve every page once', async () => {
    const property = fc.asyncProperty(timelines, stops, async (signs, crashes) => {
      const run = { memory: createMemory(), receivers: createReceivers(), storeAnswers: true }
      let now = startMs
      let alerting = alertingOn(run.memory)
      let from = 0
      const inOrder = crashes
        .map(crash => ({ ...crash, at: crash.at % signs.length }))
        .sort((a, b) => a.at - b.at)
      for (const { at, stage, downMinutes } of inOrder) {
        if (at < from) continue
        derive(run, signs, from, at, alerting, now)
        now = Math.max(now, closedAt(at))
        const { verdict, anomalies } = playedAt(at, signs[at] as Minute)
        carryOut(run, alerting.onWindow(verdict, anomalies, now), stage)
        now += downMinutes * minuteMs
        from = at
        alerting = alertingOn(run.memory)
        await resume(run, alerting, now)
      }
      derive(run, signs, from, signs.length, alerting, now)
      carryOut(run, alerting.endCatchUp(now))

      const { sent, pages } = run.receivers
      expect(idsOf(sent)).toHaveLength(sent.length)
      expect(pages().filter(({ opened, status }) => opened !== 1 || status !== 'resolved')).toEqual([])
      const log = readNotificationLog(await run.memory.notifications())
      const unnotified = (await run.memory.incidents()).filter(
        incident => isUnnotified(incident) && !log.summarised(incident)
      )
      expect(unnotified).toEqual([])
    })
    await fc.assert(property, { numRuns: tries(700) })
  })
})

describe('a crash in an outage of the store', () => {
  test('opens no page twice, however long it lasted and whatever is played again', async () => {
    const property = fc.asyncProperty(
      timelines,
      fc.nat(),
      fc.nat(),
      fc.integer({ min: 0, max: 20 }),
      async (signs, a, b, downMinutes) => {
        const [from, at] = [a % signs.length, b % signs.length].sort((x, y) => x - y) as [number, number]
        const memory = createMemory()
        const receivers = createReceivers()
        const alerting = derive({ memory, receivers, storeAnswers: true }, signs, 0, from)
        derive({ memory, receivers, storeAnswers: false }, signs, from, at, alerting)
        await restart(
          { memory, receivers, storeAnswers: true },
          signs,
          from,
          closedAt(at) + downMinutes * minuteMs
        )
        expect(receivers.pages().filter(({ opened }) => opened > 1)).toEqual([])
      }
    )
    await fc.assert(property, { numRuns: tries(700) })
  })

  test('sends PagerDuty nothing for an incident that is over when it is found again', async () => {
    const signs = [...'...hhh.......'] as Sign[]
    const memory = createMemory()
    const receivers = createReceivers()
    derive({ memory, receivers, storeAnswers: false }, signs, 0, 12)
    const after = createReceivers()
    await restart({ memory, receivers: after, storeAnswers: true }, signs, 0, closedAt(13))
    expect(after.pages()).toEqual([])
    expect(after.slack().map(lineOf)).toEqual(['slack trigger high opened'])
  })

  test('pages for an incident that is still open, with the first window that no earlier run can have seen', async () => {
    const signs = [...'...hhhhhhhhhh'] as Sign[]
    const memory = createMemory()
    const receivers = createReceivers()
    await restart({ memory, receivers, storeAnswers: true }, signs, 0, closedAt(8))
    expect(receivers.pages()).toMatchObject([{ status: 'open', opened: 1 }])
  })
})

describe('a failover back to the same process', () => {
  test('keeps a stall that was never stored, so that its page is resolved', async () => {
    const alerting = alertingOn(createMemory())
    const judge = (minute: number, sign: Sign) => {
      const { verdict, anomalies, windowEnd } = minuteOf(minute, sign, 'pipeline_stalled')
      return alerting.onWindow(verdict, anomalies, windowEnd + graceMs).notifications.map(lineOf)
    }
    const before = judge(1, 'h')
    await alerting.restore(startMs, closedAt(2))
    expect([...before, ...[2, 3, 4, 5, 6].flatMap(minute => judge(minute, '.'))]).toEqual([
      'slack trigger high opened',
      'pagerduty trigger high opened',
      'pagerduty resolve high recovered'
    ])
  })

  test('decides again what was not stored: it may not have been sent', async () => {
    const run = { memory: createMemory(), receivers: createReceivers(), storeAnswers: false }
    const alerting = derive(run, ['.', 'h'], 0, 2)
    await alerting.restore(startMs, closedAt(1) + 8_000)
    derive(run, ['.', 'h'], 0, 2, alerting, closedAt(1) + 8_000)
    expect(run.receivers.sent.map(lineOf)).toEqual([
      'slack trigger high opened',
      'pagerduty trigger high opened',
      'slack trigger high opened',
      'pagerduty trigger high opened'
    ])
    expect(run.receivers.pages()).toMatchObject([{ opened: 1, status: 'open' }])
  })
})

describe('a stored state', () => {
  test('keeps the repeat interval over a restart', async () => {
    const run = { memory: createMemory(), receivers: createReceivers(), storeAnswers: true }
    const signs = [...'h.....hhhhhhhhhhhh'] as Sign[]
    derive(run, signs, 0, 8)
    await restart(run, signs, 8, closedAt(8))
    expect(run.receivers.slack().map(lineOf)).toEqual([
      'slack trigger high opened',
      'slack trigger high came_back'
    ])
    expect((run.receivers.slack()[1]?.anomalies[0]?.windowEnd as number) - epoch).toBe(15 * minuteMs)
  })

  test('sends a summary once that is stored, though the incidents that it lists are not', async () => {
    const run = { memory: createMemory(), receivers: createReceivers(), storeAnswers: true }
    const signs = [...'m.....hhcccc'] as Sign[]
    const late = closedAt(22)
    const alerting = derive(run, signs, 0, 8, alertingOn(run.memory), late)
    const { verdict, anomalies } = minuteOf(8, 'c')
    carryOut(run, alerting.onWindow(verdict, anomalies, late), 'notifications stored')
    await restart(run, signs, 8, late)
    expect(run.receivers.slack().map(lineOf)).toEqual([
      'slack trigger critical still_open',
      'slack summary medium catch_up'
    ])
  })

  test('lists incidents of a catch-up that a crash cut short in the next summary, once', async () => {
    const run = { memory: createMemory(), receivers: createReceivers(), storeAnswers: true }
    const signs = [...'hh.....mm.....'] as Sign[]
    const late = epoch + 100 * minuteMs
    derive(run, signs, 0, 6, alertingOn(run.memory), late)
    await restart(run, signs, 6, late + 1)
    expect(run.receivers.sent).toEqual([])
    const alerting = alertingOn(run.memory)
    await alerting.restore(startMs, late + 2)
    const { notifications } = alerting.endCatchUp(late + 2)
    run.memory.putNotifications(notifications)
    expect(notifications.map(lineOf)).toEqual(['slack summary high catch_up'])
    expect(notifications[0]?.anomalies.map(({ severity }) => severity)).toEqual(['high', 'medium'])
    await alerting.restore(startMs, late + 3)
    expect(alerting.endCatchUp(late + 3).notifications).toEqual([])
  })
})
