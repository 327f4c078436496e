import { expect, test } from 'vitest'
import { explainedText } from '../../../src/cli/explain/text.ts'
import { explanationOf } from '../../../src/explain/explanation.ts'
import { readFacts } from '../../../src/explain/facts.ts'
import type { IncidentRecords } from '../../../src/incident/incidents.ts'
import type { NotificationRecord, OperatorAction } from '../../../src/incident/types.ts'
import type { Segment } from '../../../src/window/segment.ts'
import {
  alertingOn,
  createMemory,
  epoch,
  minuteMs,
  minuteOf,
  plainContext,
  receivers,
  routeTo,
  rules,
  type Sign,
  slackAt,
  toBoth
} from '../../support/alerts.ts'
import { createMemoryStore } from '../../support/memory-store.ts'

const settings = { rules, routes: toBoth, receivers, context: plainContext, sending: true }
const matching = { kinds: null, severities: null, segments: null, pipelines: null, labels: {} }

/** Slack, then `lead` after five minutes and `pagerduty` after ten. */
const levelsOf = ([first = 'lead', second = 'pagerduty']: readonly string[] = []) =>
  [
    { after: 5, receiver: first, mention: ['U012AB3CD'] },
    { after: 10, receiver: second, mention: [] }
  ].map(({ after, receiver, mention }) => ({
    ...{ afterMs: after * minuteMs, receivers: [receiver], mention },
    ...{ onlyIfUndelivered: receiver === 'pagerduty', when: [] }
  }))

/** A pipeline that stores what it decides, and explains its incidents. */
function pipelineWith(own: Partial<typeof settings> = {}) {
  const all = { ...settings, ...own }
  const store = createMemoryStore()
  const alerting = alertingOn(createMemory(), all.routes, all.sending, all.receivers, {}, all.context)
  let nowMs = epoch
  async function keep({ incidents, notifications }: IncidentRecords) {
    await store.insertNotifications(notifications)
    await store.insertIncidents(incidents)
  }
  return {
    store,
    async minute(minute: number, sign: Sign, kind = 'revenue_drop') {
      const { verdict, anomalies, windowEnd } = minuteOf(minute, sign, kind)
      nowMs = windowEnd + 10_000
      await store.insertAnomalies(anomalies)
      await keep(alerting.onWindow(verdict, anomalies, nowMs))
    },
    async act(action: Partial<OperatorAction>) {
      nowMs += 5_000
      const whole = {
        id: `action-${nowMs}`,
        pipeline: 'shop',
        action: 'acknowledge' as const,
        at: nowMs,
        by: 'Ann',
        via: 'slack' as const,
        incidentId: null,
        severity: null,
        silence: null,
        ...action
      }
      await store.insertActions([whole])
      await keep(alerting.onActions([whole], nowMs))
    },
    async outcome(receiver: string, outcome: Partial<NotificationRecord>) {
      const all = await store.findNotifications({ receiver })
      await store.insertNotifications([{ ...(all[0] as NotificationRecord), ...outcome }])
    },
    incidentId: async (kind = 'revenue_drop') => (await store.findIncidents({ kind }))[0]?.id ?? '',
    async explained(kind = 'revenue_drop') {
      const [incident] = await store.findIncidents({ kind })
      if (incident === undefined) throw new Error(`no incident of ${kind}`)
      return explanationOf(await readFacts(store, incident, nowMs), all, nowMs, [])
    }
  }
}

const linesOf = ({ timeline }: Awaited<ReturnType<ReturnType<typeof pipelineWith>['explained']>>) =>
  timeline.map(
    ({ at, event, receiver, text }) =>
      `${new Date(at).toISOString().slice(11, 19)} ${receiver ?? event}: ${text}`
  )
const details = 'Revenue dropped by 87% from baseline ($1,850 → $245). Possible payment system failure.'

test('an incident is explained in order: what was found, who was notified, why, and with what outcome', async () => {
  const shop = pipelineWith()
  await shop.minute(1, 'h')
  await shop.outcome('slack', {
    outcome: 'sent',
    attempts: 2,
    answer: 'ok',
    latencyMs: 340,
    requestId: 'r-1'
  })
  await shop.outcome('pagerduty', { attempts: 4, answer: 'HTTP 503' })
  await shop.act({ incidentId: await shop.incidentId(), severity: 'high' })
  await shop.minute(2, 'c')
  await shop.outcome('slack', { outcome: 'refused', attempts: 1, answer: 'HTTP 404 no_service' })

  const explained = await shop.explained()
  expect(linesOf(explained)).toEqual([
    `10:01:10 found: high, in the window that ends 2026-11-21 10:01:00: ${details}`,
    '10:01:10 slack: to notify at high (it opened): sent after 340 ms, at try 2: ok (request r-1)',
    '10:01:10 pagerduty: to page at high (it opened): waits, tried 4 times: HTTP 503',
    '10:01:15 acknowledged: by Ann (slack) at high',
    '10:01:15 slack: to notify that somebody acknowledged it: waits, not tried yet',
    '10:01:15 pagerduty: to acknowledge the page: waits, not tried yet',
    `10:02:10 found: critical, in the window that ends 2026-11-21 10:02:00: ${details} Above the high that Ann acknowledged: the acknowledgement no longer counts.`,
    '10:02:10 slack: to notify at critical (the severity rose): refused for good: HTTP 404 no_service',
    '10:02:10 pagerduty: to page at critical (the severity rose): waits, not tried yet',
    '10:02:10 pagerduty: to resolve the page (a page of a higher severity replaced it): waits, not tried yet'
  ])
  expect(explained.routes).toEqual([
    { receiver: 'pagerduty', text: 'matches' },
    { receiver: 'slack', text: 'matches' }
  ])
  const id = await shop.incidentId()
  expect(explained.next).toEqual([
    'no reminders: alerting.repeat is off',
    `it is over after 5 judged windows in a row without it, 0 so far; that resolves the page cartwatch-${id}-critical`
  ])
})

test('an incident that is over says since when, and nothing comes next', async () => {
  const withEnds = new Map([
    ...receivers,
    ['slack', slackAt('https://hooks.slack.com/services/A', true)] as const
  ])
  const shop = pipelineWith({ receivers: withEnds })
  await shop.minute(1, 'm')
  for (const minute of [2, 3, 4, 5, 6]) await shop.minute(minute, '.')
  const explained = await shop.explained()
  const { timeline, next, routes } = explained
  expect(linesOf(explained).slice(-2)).toEqual([
    '10:06:10 pagerduty: to resolve the page (it is over): waits, not tried yet',
    '10:06:10 slack: to notify that it is over: waits, not tried yet'
  ])
  expect(timeline.at(-3)).toEqual({
    at: epoch + 6 * minuteMs,
    event: 'over',
    receiver: null,
    text: '5 judged windows in a row without it, up to 2026-11-21 10:06:00'
  })
  expect([next, routes]).toEqual([[], []])
})

test('one that opened soon after another says who was therefore not notified again', async () => {
  const shop = pipelineWith({ routes: [routeTo('slack')] })
  await shop.minute(1, 'h')
  for (const minute of [2, 3, 4, 5, 6]) await shop.minute(minute, '.')
  await shop.minute(7, 'h')
  expect(linesOf(await shop.explained())).toEqual([
    `10:07:10 found: high, in the window that ends 2026-11-21 10:07:00: ${details}`,
    '10:07:10 slack: not to notify again: notified of the one before it at 2026-11-21 10:01:10, within alerting.repeat_after'
  ])
})

const silence = {
  id: '5111e0ce-0',
  matchers: matching,
  by: 'Bo',
  reason: 'moving the shop',
  startsAt: epoch,
  endsAt: epoch + 60 * minuteMs
}

test('of a silence it says whose, until when and why, and who is notified after it', async () => {
  const shop = pipelineWith({
    routes: [routeTo('slack')],
    rules: { ...rules, remindAfterMs: 240 * minuteMs }
  })
  await shop.act({ action: 'silence', silence })
  await shop.minute(1, 'h')
  const suppressed = 'silenced by Bo until 2026-11-21 11:00:00: moving the shop (silence 5111e0ce)'
  const before = await shop.explained()
  expect(linesOf(before)).toEqual([
    `10:01:10 found: high, in the window that ends 2026-11-21 10:01:00: ${details}`,
    `10:01:10 slack: not to notify at high: ${suppressed}`
  ])
  expect(before.next).toEqual([
    `nobody is notified, not of its end either: ${suppressed}`,
    `slack is notified once this has ended, if the incident is still open: ${suppressed}`,
    `at critical it notifies nobody: ${suppressed}`,
    'it is over after 5 judged windows in a row without it, 0 so far'
  ])
  await shop.act({ action: 'end_silence', via: 'cli', silence: { ...silence, endsAt: epoch + 75_000 } })
  const after = await shop.explained()
  expect(linesOf(after).slice(2)).toEqual([
    '10:01:15 silence_ended: by Ann (cli): silence 5111e0ce',
    '10:01:15 slack: to notify at high (a silence ended, and the condition lasts): waits, not tried yet'
  ])
  expect(after.next[0]).toBe('slack is reminded from 2026-11-21 14:01:15 on, while it is open')
})

test('an incident that inhibits it is named with its id', async () => {
  const shop = pipelineWith({ routes: [routeTo('slack')] })
  await shop.minute(1, 'c', 'data_loss')
  await shop.minute(2, 'h')
  const inhibitor = await shop.incidentId('data_loss')
  expect(linesOf(await shop.explained())[1]).toBe(
    `10:02:10 slack: not to notify at high: inhibited by data_loss ${inhibitor.slice(0, 8)}, open since 2026-11-21 10:01:00`
  )
})

test('where no route leads to a receiver, or alerts are off, it says so', async () => {
  const nobody = pipelineWith({ routes: [routeTo('none')] })
  await nobody.minute(1, 'h')
  const unrouted = await nobody.explained()
  expect(linesOf(unrouted)[1]).toBe(
    '10:01:10 none: to notify at high (it opened): not sent: no route leads to a receiver'
  )
  expect(unrouted.next[0]).toBe('no reminders: alerting.repeat is off')
  expect(unrouted.next[1]).toBe('at critical it notifies nobody: no route leads to a receiver')
  const off = pipelineWith({ sending: false })
  await off.minute(1, 'h')
  const decided = await off.explained()
  expect(linesOf(decided)[1]).toBe('10:01:10 slack: to notify at high (it opened): not sent: alerts are off')
  expect(decided.next[0]).toBe('alerts are off: nothing is sent')
})

test('of another pipeline than that of the configuration it says that what comes next is unknown', async () => {
  const shop = pipelineWith({ context: { ...plainContext, pipeline: 'other' } })
  await shop.minute(1, 'h')
  const { next, routes } = await shop.explained()
  expect(routes).toEqual([])
  expect(next).toEqual(['This configuration is not that of the pipeline shop: what comes next is unknown.'])
})

test.each([80, 120, 160])(
  'the text fits %i columns, and control characters from events are shown, not obeyed',
  async width => {
    const shop = pipelineWith()
    await shop.minute(1, 'h')
    await shop.outcome('slack', { answer: `no\u001b[2J ${'x'.repeat(200)}` })
    const explained = await shop.explained()
    const segment: Segment = `category=\u001b]0;x\u0007${'y'.repeat(60)}`
    const text = explainedText({ ...explained, incident: { ...explained.incident, segment } }, width)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/)
    const [table = ''] = /┌[\s\S]*┘/.exec(text) ?? []
    expect(Math.max(...table.split('\n').map(each => each.length))).toBeLessThanOrEqual(width)
    expect(text.split('\n').slice(0, 3)).toEqual([
      String.raw`high revenue_drop of category=\u001b]0;x\u0007${'y'.repeat(60)}, open`,
      `incident ${explained.incident.id} of the pipeline shop`,
      'found in one window from 2026-11-21 10:00:00 to 2026-11-21 10:01:00; at its worst revenue was 245 instead of 1,850; lost so far: 1,605'
    ])
  }
)

test('a silence that is in force is what comes next, also where it began after all that was sent', async () => {
  const shop = pipelineWith()
  await shop.minute(1, 'h')
  const silence = {
    id: 'aaaaaaaa-0000-4000-8000-000000000000',
    matchers: { ...matching, kinds: ['revenue_*'] },
    by: 'Ben',
    reason: 'a migration',
    startsAt: epoch,
    endsAt: epoch + 60 * minuteMs
  }
  await shop.act({ action: 'silence', silence })
  const why = 'silenced by Ben until 2026-11-21 11:00:00: a migration (silence aaaaaaaa)'
  const { next } = await shop.explained()
  expect(next).toContain(`nobody is notified, not of its end either: ${why}`)
  expect(next).toContain(`at critical it notifies nobody: ${why}`)
  await shop.act({ action: 'end_silence', silence: { ...silence, endsAt: epoch } })
  expect((await shop.explained()).next.join('\n')).not.toContain('nobody is notified')
})

test('what people said that it was stands in order, the last one at its head', async () => {
  const shop = pipelineWith()
  await shop.minute(1, 'h')
  const incidentId = await shop.incidentId()
  await shop.act({ action: 'label', incidentId, severity: 'high', label: { verdict: 'real', reason: '' } })
  const label = { verdict: 'false', reason: 'a test order' } as const
  await shop.act({ action: 'label', incidentId, severity: 'high', label })
  const explained = await shop.explained()
  expect(linesOf(explained).slice(-2)).toEqual([
    '10:01:15 labelled: by Ann (slack) as real',
    '10:01:20 labelled: by Ann (slack) as a false alarm: a test order'
  ])
  expect(explained.label).toMatchObject(label)
  expect(explainedText(explained, 200)).toContain(', open, marked as a false alarm by Ann (slack)')
})

test('an escalation is explained: who asked for a level, what comes next, whom it notifies, and when', async () => {
  const shop = pipelineWith({
    routes: [routeTo('slack', { escalate: 'on-call' })],
    receivers: new Map([...receivers, ['lead', slackAt('https://hooks.slack.com/services/L')]]),
    context: { ...plainContext, escalations: new Map([['on-call', levelsOf()]]) }
  })
  const nextOf = async () => (await shop.explained()).next.filter(line => line.includes('escalation'))
  await shop.minute(1, 'h')
  expect(await nextOf()).toEqual([
    'level 1 of 2 of the escalation on-call at 2026-11-21 10:06:10: lead; mentions U012AB3CD',
    'level 2 of 2 of the escalation on-call at 2026-11-21 10:11:10: pagerduty; only if no receiver has taken a notification'
  ])
  const incidentId = await shop.incidentId()
  await shop.act({ action: 'escalate', incidentId, severity: 'high', level: 1 })
  expect(linesOf(await shop.explained()).slice(-2)).toEqual([
    '10:01:15 escalated: by Ann (slack) to level 1',
    '10:01:15 lead: to notify at high (escalated to level 1): waits, not tried yet'
  ])
  const silence = { id: 'S-1', matchers: matching, by: 'Bob', reason: 'a release', startsAt: epoch }
  await shop.act({ action: 'silence', silence: { ...silence, endsAt: epoch + 600 * minuteMs } })
  expect(await nextOf()).toEqual(['the escalation on-call goes on once the silence has ended'])
  await shop.act({ action: 'end_silence', silence: { ...silence, endsAt: epoch + 85_000 } })
  expect(await nextOf()).toEqual([
    // It was silenced for 15 seconds since the first notification.
    'level 2 of 2 of the escalation on-call at 2026-11-21 10:11:25: pagerduty; only if no receiver has taken a notification'
  ])
  await shop.act({ incidentId, severity: 'high' })
  expect(await nextOf()).toEqual([
    'no further escalation by on-call: Ann acknowledged it (cartwatch escalate takes the next level)'
  ])
})
