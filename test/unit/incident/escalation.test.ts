import { describe, expect, test } from 'vitest'
import { createIncidents } from '../../../src/incident/incidents.ts'
import {
  createMemory,
  epoch,
  lineOf,
  minuteMs,
  minuteOf,
  pagerWith,
  plainContext,
  receivers,
  routeTo,
  rules,
  type Sign
} from '../../support/alerts.ts'
import { levelAfter, play } from '../../support/timeline.ts'

const two = [levelAfter(5, 'lead'), levelAfter(10, 'lead-pagerduty')]
const high = ['lead trigger high escalated:1', 'lead-pagerduty trigger high escalated:2']
const ends = (...receivers: readonly string[]) =>
  receivers.map(receiver => `${receiver} resolve high recovered`)

const windowAt = (minute: number, sign: Sign) => {
  const { verdict, anomalies, windowEnd } = minuteOf(minute, sign)
  return [verdict, anomalies, windowEnd + 10_000] as const
}

type Cell = readonly [script: string, ...messages: string[]]

describe('an incident that nobody acknowledges', () => {
  test.each<Cell>([
    ['h | hhhh'],
    ['h | hhhhh', 'lead trigger high escalated:1'],
    ['h | hhhhhhhhhhhhhhh', ...high],
    // What was notified also gets the end.
    ['h hhhhhhhhhh | .....', ...ends('pagerduty', 'lead-pagerduty', 'slack', 'lead')],
    // Not while it is clearing.
    ['h | hhh ....'],
    ['h | hhh .... h', 'lead trigger high escalated:1'],
    // A severity that rises begins at the first level, and whoever knows of it is told at once.
    [
      'h hhhhhh | c cccccc',
      'slack trigger critical severity_rose',
      'lead trigger critical severity_rose',
      'pagerduty trigger critical severity_rose',
      'pagerduty resolve critical severity_rose',
      'lead trigger critical escalated:1'
    ]
  ])('%s', async (script, ...messages) => {
    expect((await play(script, { levels: two })).toSorted()).toEqual(messages.toSorted())
  })
})

describe('an escalation', () => {
  test.each<Cell>([
    // Ended by an acknowledgement,
    ['h ack | hhhhhhhhhhhhhhh'],
    ['h hhhhh ack | hhhhhhhhhhhhhh'],
    // and begun anew where the acknowledgement no longer counts.
    [
      'h ack c | ccccccccccc',
      'lead trigger critical escalated:1',
      'lead-pagerduty trigger critical escalated:2'
    ],
    // The time of a silence does not count.
    [
      'h hhh silence hhhhhhhhhhhhhhh | unsilence h hhh',
      'pagerduty trigger high silence_ended',
      'lead trigger high escalated:1'
    ],
    ['h hhh silence | hhhhhhhhhhhhhhhhhhhh'],
    // A page of a level comes back after a silence, as the others do.
    [
      'h hhhhhhhhhh silence h | unsilence h',
      'pagerduty trigger high silence_ended',
      'lead-pagerduty trigger high silence_ended'
    ],
    // Nobody was notified before the silence ended, so nothing counts before that.
    [
      'silence h hhhhhhhhh | unsilence h hhh',
      'pagerduty trigger high silence_ended',
      'slack trigger high silence_ended'
    ],
    // One that comes back soon is told by nobody anew, and counts from when it came back.
    ['h ..... h | hhhh'],
    ['h ..... h | hhhhh', 'lead trigger high escalated:1'],
    // Ended with the incident.
    ['h hhh ..... | ..........']
  ])('%s', async (script, ...messages) => {
    expect((await play(script, { levels: two })).toSorted()).toEqual(messages.toSorted())
  })

  test('waits while nobody knows whether the incident lasts', async () => {
    expect(await play('h | +1h', { levels: [levelAfter(30, 'lead')] })).toEqual([])
    expect(await play('h | +1h', { levels: [levelAfter(10, 'lead')] })).toEqual([
      'lead trigger high escalated:1'
    ])
  })

  test('that was asked for within a silence is not taken after a restart, whatever is found by then', async () => {
    const together = { levels: two, groupWithinMs: 900_000 }
    expect(await play('h ack silence escalate h/h | restart h', together)).toEqual([])
  })

  test('whose page was sent and not stored as such is still ended at its pager', async () => {
    const memory = createMemory()
    const start = () =>
      createIncidents({
        pipeline: 'shop',
        rules,
        routes: [routeTo('pagerduty', { escalate: 'on-call' })],
        receivers: new Map([...receivers, ['lead', pagerWith('l'.repeat(32))]]),
        context: { ...plainContext, escalations: new Map([['on-call', [levelAfter(1, 'lead')]]]) },
        sending: true,
        memory
      })
    const first = start()
    const opened = first.onWindow(...windowAt(1, 'h'))
    memory.putNotifications(opened.notifications)
    memory.putIncidents(opened.incidents)
    const paged = first.tick(epoch + 3 * minuteMs)
    expect(paged.notifications.map(lineOf)).toEqual(['lead trigger high escalated:1'])
    // The process dies before the incident is stored.
    memory.putNotifications(paged.notifications)
    const [incident] = opened.incidents
    const acknowledged = { by: 'ann', via: 'cli', at: epoch, severity: 'high' } as const
    memory.putIncidents(incident ? [{ ...incident, acknowledged }] : [])
    const next = start()
    await next.restore(0, epoch + 3 * minuteMs)
    next.tick(epoch + 3 * minuteMs)
    const ends = [2, 3, 4, 5, 6].flatMap(minute => next.onWindow(...windowAt(minute, '.')).notifications)
    expect(ends.map(lineOf).filter(line => !line.startsWith('none'))).toEqual([
      'pagerduty resolve high recovered',
      'lead resolve high recovered'
    ])
  })

  test('keeps the distances of its levels where several are overdue', async () => {
    const late = [levelAfter(5, 'lead', { when: ['!day'] }), levelAfter(7, 'night', { when: ['!day'] })]
    // The day ends 40 minutes after the beginning.
    expect(await play(`h ${'h'.repeat(38)} | hh h h`, { levels: late })).toEqual([
      'night trigger high route_changed',
      'lead trigger high escalated:1',
      'night trigger high escalated:2'
    ])
  })

  test('tells receivers that know of it once more, and opens no page twice', async () => {
    const again = [levelAfter(5, 'slack'), levelAfter(10, 'pagerduty')]
    expect(await play('h | hhhhhhhhhhhhhhh', { levels: again })).toEqual(['slack trigger high escalated:1'])
  })

  test('leaves out a level for what was not delivered once some receiver has taken a message', async () => {
    const undelivered = [levelAfter(5, 'lead', { onlyIfUndelivered: true }), levelAfter(10, 'lead-pagerduty')]
    expect(await play('h | hhhhhhhhhhhh', { levels: undelivered })).toEqual([
      'lead-pagerduty trigger high escalated:2'
    ])
    const down = 'slack=down pagerduty=down'
    expect(await play(`${down} h | hhhhhh`, { levels: undelivered })).toEqual([
      'lead trigger high escalated:1'
    ])
    // At a higher severity nothing was delivered yet.
    expect(await play(`h ${down} c | ccccc`, { levels: undelivered })).toEqual([
      'lead trigger critical escalated:1'
    ])
  })
})

describe('a level that somebody asks for', () => {
  test.each<Cell>([
    ['h | escalate', 'lead trigger high escalated:1'],
    ['h | escalate escalate', ...high],
    ['h | escalate escalate escalate hhhhhhhhhhhhhhh', ...high],
    // It does not come again when its time does, and the next one keeps its own.
    ['h escalate | hhhhhhhh'],
    ['h escalate | hhhhhhhhhh', 'lead-pagerduty trigger high escalated:2'],
    // Also after an acknowledgement, while it is clearing and after a restart.
    ['h ack | escalate', 'lead trigger high escalated:1'],
    ['h .. | escalate', 'lead trigger high escalated:1'],
    ['h restart | escalate', 'lead trigger high escalated:1'],
    ['h ack escalate escalate | .....', ...ends('pagerduty', 'lead-pagerduty', 'slack', 'lead')],
    // Nobody is notified within a silence, and an incident that is over has nothing to escalate.
    ['h silence | escalate'],
    ['h ..... | escalate']
  ])('%s', async (script, ...messages) => {
    expect((await play(script, { levels: two })).toSorted()).toEqual(messages.toSorted())
  })

  test('is the next one whose hours it is, where there is one', async () => {
    const byHour = [levelAfter(5, 'night', { when: ['!day'] }), levelAfter(10, 'lead')]
    expect(await play('h | escalate', { levels: byHour })).toEqual(['lead trigger high escalated:2'])
    const never = [levelAfter(5, 'lead', { when: ['!day'] })]
    expect(await play('h | escalate', { levels: never })).toEqual(['lead trigger high escalated:1'])
  })
})

describe('after a restart or a crash', () => {
  test.each<Cell>([
    ['h hhhhh restart | hhhh'],
    ['h hhhhh restart | hhhhhh', 'lead-pagerduty trigger high escalated:2'],
    ['h hhhhh h! | hhh'],
    ['h hhhh restart | hh', 'lead trigger high escalated:1'],
    ['h escalate restart | hhhh'],
    ['h escalate restart escalate | hhhhhhhhhhhh'],
    ['h hhh silence hhhhh restart hhhhhh | unsilence h', 'pagerduty trigger high silence_ended'],
    ['h hhhhhhhhhh restart | .....', ...ends('pagerduty', 'lead-pagerduty', 'slack', 'lead')]
  ])('%s', async (script, ...messages) => {
    expect((await play(script, { levels: two })).toSorted()).toEqual(messages.toSorted())
  })
})
