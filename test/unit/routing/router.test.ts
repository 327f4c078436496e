import { describe, expect, test } from 'vitest'
import type { ReceiverGroup } from '../../../src/routing/group.ts'
import { anything } from '../../../src/routing/matchers.ts'
import type { ReceiverSettings } from '../../../src/routing/receiver.ts'
import { createRouting, noGroups, type Route, type RoutingContext } from '../../../src/routing/router.ts'
import { pagerWith, plainContext, routeTo, slackAt } from '../../support/alerts.ts'

const receivers = new Map<string, ReceiverSettings>([
  ['a', slackAt('https://hooks.slack.com/a')],
  ['b', slackAt('https://hooks.slack.com/b', true)],
  ['again-a', slackAt('https://hooks.slack.com/a')],
  ['pager', pagerWith('k')]
])
/** 09:59 in Berlin on a Wednesday; the next minute is within office hours. */
const nowMs = Date.UTC(2026, 10, 25, 8, 59)
const office = {
  timezone: 'Europe/Berlin',
  times: [{ days: [0, 1, 2, 3, 4], dates: null, fromMinute: 600, toMinute: 1_050 }]
}
const subject = { kind: 'data_loss', segment: 'all', severity: 'high' } as const
const onward = (receiver: string, match: Partial<Route['match']> = {}) =>
  routeTo(receiver, { match: { ...anything, ...match }, continues: true })

const routingOf = (routes: readonly Route[], context: Partial<RoutingContext> = {}) =>
  createRouting(routes, receivers, { ...plainContext, intervals: new Map([['office', office]]), ...context })
const namesOf = (routes: readonly Route[], what: object = {}, atMs = nowMs) =>
  routingOf(routes)
    .to({ ...subject, ...what }, atMs)
    .map(({ name }) => name)

describe('routing', () => {
  test('the first match wins', () => {
    const other = routeTo('a', { match: { ...anything, kinds: ['other'] } })
    expect(namesOf([other, routeTo('b'), routeTo('a')])).toEqual(['b'])
  })

  test('a route that continues lets those behind it match too', () => {
    expect(namesOf([onward('a'), routeTo('b')])).toEqual(['a', 'b'])
  })

  test('a route to nobody ends the search and notifies nobody', () => {
    expect(namesOf([routeTo('none', { match: { ...anything, kinds: ['data_*'] } }), routeTo('a')])).toEqual(
      []
    )
  })

  test('one address is notified once, under its first name', () => {
    expect(namesOf([onward('again-a'), routeTo('a')])).toEqual(['a'])
  })

  test('says which receivers are pagers, and which are notified of the end', () => {
    expect(routingOf(['pager', 'a', 'b'].map(name => onward(name))).to(subject, nowMs)).toEqual([
      { name: 'pager', isPager: true, edits: false, sendsResolved: true },
      { name: 'a', isPager: false, edits: false, sendsResolved: false },
      { name: 'b', isPager: false, edits: false, sendsResolved: true }
    ])
  })

  test('the first route that matches and escalates says by which policy', () => {
    const level = { afterMs: 60_000, receivers: ['b'], mention: [], onlyIfUndelivered: false, when: [] }
    const escalations = new Map([['on-call', [level]]])
    const routes = [
      { ...onward('a', { kinds: ['other'] }), escalate: 'other' },
      onward('a'),
      { ...onward('pager'), escalate: 'on-call' },
      routeTo('b', { escalate: 'other' })
    ]
    const routing = routingOf(routes, { escalations })
    expect(routing.policyOf(subject, nowMs)).toBe('on-call')
    expect(routingOf([routeTo('a')], { escalations }).policyOf(subject, nowMs)).toBeUndefined()
    expect(routingOf(routes, { escalations, digested: 'high' }).policyOf(subject, nowMs)).toBeUndefined()
    expect(routing.levelsOf('on-call')).toEqual([level])
    expect(routing.levelsOf('other')).toEqual([])
  })

  test('receivers are found by their names: each address once, a group by its member, none that is gone', () => {
    const members = [{ receiver: 'pager', weight: 1 }] as const
    const pool: ReceiverGroup = { pick: 'round_robin', members }
    const routing = createRouting([routeTo('a')], receivers, plainContext, {
      ...noGroups,
      groups: new Map([['pool', pool]])
    })
    const assignment = { key: 'i', isAssigned: () => false }
    expect(
      routing.named(['again-a', 'a', 'gone', 'pool'], subject, assignment).map(({ name }) => name)
    ).toEqual(['a', 'pager'])
  })

  test('every receiver is notified of the end of a store outage', () => {
    const notified = routingOf([routeTo('a')]).to({ ...subject, kind: 'store_unavailable' }, nowMs)
    expect(notified).toEqual([{ name: 'a', isPager: false, edits: false, sendsResolved: true }])
  })

  test('a route outside its time interval does not match, and the next one is tried', () => {
    const routes = [routeTo('a', { when: ['office'] }), routeTo('b')]
    expect(namesOf(routes, {}, nowMs)).toEqual(['b'])
    expect(namesOf(routes, {}, nowMs + 60_000)).toEqual(['a'])
    const inverted = [routeTo('a', { when: ['!office'] }), routeTo('b')]
    expect(namesOf(inverted, {}, nowMs)).toEqual(['a'])
    expect(namesOf(inverted, {}, nowMs + 60_000)).toEqual(['b'])
  })

  test('labels are the common ones, those of the kind and those of the segment; later ones win', () => {
    const routing = routingOf([], {
      labels: { team: 'shop', site: 'eu' },
      labelsOfKinds: new Map([['data_loss', { team: 'data' }]])
    })
    const segment = 'country=DE × site=outlet'
    expect(routing.labelled({ ...subject, segment })).toEqual({
      ...subject,
      segment,
      pipeline: 'shop',
      labels: { team: 'data', site: 'outlet', country: 'DE' }
    })
  })

  test('a summary goes where its incidents would, but to no pager', () => {
    const routes = [
      onward('pager'),
      routeTo('a', { match: { ...anything, kinds: ['data_loss'] } }),
      routeTo('b')
    ]
    expect(routingOf(routes).summaryTo(subject, nowMs)).toMatchObject([{ name: 'a' }])
  })

  test('a route of the kind catch_up takes every summary, and nothing else', () => {
    const routes = [routeTo('b', { match: { ...anything, kinds: ['catch_up'] } }), routeTo('a')]
    expect(routingOf(routes).summaryTo(subject, nowMs)).toMatchObject([{ name: 'b' }])
    expect(namesOf(routes)).toEqual(['a'])
  })

  test('the path says whether each route matched, and why not', () => {
    const routes = [
      onward('a', { severities: ['critical'] }),
      routeTo('a', { when: ['office'] }),
      onward('again-a'),
      routeTo('a'),
      routeTo('b')
    ]
    expect(routingOf(routes).path(subject, nowMs)).toEqual([
      { route: 0, receivers: ['a'], outcome: 'not_matched', why: 'severity is high' },
      { route: 1, receivers: ['a'], outcome: 'not_matched', why: 'it is wed 2026-11-25 09:59 Europe/Berlin' },
      {
        route: 2,
        receivers: ['again-a'],
        outcome: 'matched',
        why: 'notified as a, which has the same address'
      },
      { route: 3, receivers: ['a'], outcome: 'matched', why: 'a is already notified' },
      { route: 4, receivers: ['b'], outcome: 'not_reached', why: '' }
    ])
  })

  test('a route leads to each of its receivers, and to one address once', () => {
    expect(namesOf([routeTo(['pager', 'again-a', 'a', 'b'])])).toEqual(['pager', 'a', 'b'])
    expect(routingOf([routeTo(['b', 'again-a', 'a'])]).path(subject, nowMs)).toEqual([
      {
        route: 0,
        receivers: ['b', 'again-a', 'a'],
        outcome: 'matched',
        why: 'notified as a, which has the same address; a is already notified'
      }
    ])
  })
})

describe('a route to a group', () => {
  const onCall: ReceiverGroup = {
    pick: 'round_robin',
    members: [
      { receiver: 'again-a', weight: 1 },
      { receiver: 'b', weight: 1 }
    ]
  }
  const routing = createRouting([routeTo(['on-call', 'pager'])], receivers, plainContext, {
    ...noGroups,
    groups: new Map([['on-call', onCall]])
  })
  const namesFor = (key: string, assigned: readonly string[] = []) =>
    routing.to(subject, nowMs, { key, isAssigned: name => assigned.includes(name) }).map(({ name }) => name)

  test('leads to one member, by the name that its address has', () => {
    expect(new Set(['1', '2', '3', '4', '5'].map(key => namesFor(key).join()))).toEqual(
      new Set(['a,pager', 'b,pager'])
    )
  })

  test('leads to the member that was notified, and does so for the summary too', () => {
    for (const key of ['1', '2', '3', '4', '5']) {
      expect(namesFor(key, ['a'])).toEqual(['a', 'pager'])
      expect(namesFor(key, ['b'])).toEqual(['b', 'pager'])
      expect(
        routing.summaryTo(subject, nowMs, { key, isAssigned: name => name === 'b' }).map(({ name }) => name)
      ).toEqual(['b'])
    }
  })

  test('notifies a member once that another route leads to by itself', () => {
    const both = createRouting([onward('a'), onward('b'), routeTo('on-call')], receivers, plainContext, {
      ...noGroups,
      groups: new Map([['on-call', onCall]])
    })
    expect(both.to(subject, nowMs).map(({ name }) => name)).toEqual(['a', 'b'])
  })

  test('is named by itself where nothing is to be sent', () => {
    expect(routing.names(subject, nowMs)).toEqual(['on-call', 'pager'])
    expect(routing.names({ ...subject, kind: 'catch_up' }, nowMs)).toEqual(['on-call'])
    expect(routing.path(subject, nowMs)).toEqual([
      { route: 0, receivers: ['on-call', 'pager'], outcome: 'matched', why: '' }
    ])
  })
})

describe('an incident of several alerts', () => {
  const routing = createRouting(
    [
      routeTo('none', { match: { ...anything, kinds: ['conversion_drop'] } }),
      routeTo('a', { match: { ...anything, kinds: ['checkout_failure'] } }),
      routeTo('b')
    ],
    receivers,
    plainContext
  )
  const of = (...kinds: readonly string[]) => ({
    kind: kinds[0] ?? '',
    segment: 'all',
    severity: 'high' as const,
    alerts: kinds.map(kind => ({ kind, segment: 'all', status: 'open' }))
  })
  const names = (...kinds: readonly string[]) => routing.to(of(...kinds), 0).map(({ name }) => name)

  test('takes a route that one of its alerts matches', () => {
    expect(names('revenue_drop')).toEqual(['b'])
    expect(names('revenue_drop', 'checkout_failure')).toEqual(['a'])
  })

  test('takes a route to nobody only where that matches all of them', () => {
    expect(names('conversion_drop')).toEqual([])
    expect(names('revenue_drop', 'conversion_drop')).toEqual(['b'])
  })

  test('is silenced where each alert that is open is', () => {
    const matchers = { ...anything, kinds: ['revenue_drop'] }
    const both = of('revenue_drop', 'checkout_failure')
    const [revenue, checkout] = both.alerts
    const ended = {
      ...both,
      alerts: [
        { ...revenue, status: 'open' },
        { ...checkout, status: 'resolved' }
      ]
    }
    expect(routing.matches(matchers, both)).toBe(false)
    expect(routing.matches(matchers, of('revenue_drop'))).toBe(true)
    expect(routing.matches(matchers, ended as typeof both)).toBe(true)
  })
})
