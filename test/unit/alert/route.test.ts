import { describe, expect, test } from 'vitest'
import { createRouting, type Route, type RoutedReceiver } from '../../../src/alert/route.ts'

const slack = (path: string, sendResolved = false): RoutedReceiver => ({
  type: 'slack',
  webhookUrl: `https://hooks.slack.com/${path}`,
  sendResolved
})
const receivers = new Map<string, RoutedReceiver>([
  ['a', slack('a')],
  ['b', slack('b', true)],
  ['again-a', slack('a')],
  ['pager', { type: 'pagerduty', url: 'https://p', integrationKey: 'k' }]
])
const route = (receiver: string, more: Partial<Route> = {}): Route => ({
  kinds: null,
  severities: null,
  segment: null,
  receiver,
  continues: false,
  ...more
})
const subject = { kind: 'data_loss', segment: 'all', severity: 'high' } as const

describe('routing', () => {
  test('the first match wins', () => {
    const routing = createRouting([route('a', { kinds: ['other'] }), route('b'), route('a')], receivers)
    expect(routing.channels(subject)).toEqual(['b'])
  })

  test('a route that continues lets those behind it match too', () => {
    const routing = createRouting([route('a', { continues: true }), route('b')], receivers)
    expect(routing.channels(subject)).toEqual(['a', 'b'])
  })

  test('kind, severity and segment must all fit', () => {
    const wanted = { kinds: ['data_loss'], severities: ['high'], segment: 'all' } as const
    const routing = createRouting([route('a', wanted)], receivers)
    expect(routing.channels(subject)).toEqual(['a'])
    expect(routing.channels({ ...subject, kind: 'traffic_drop' })).toEqual([])
    expect(routing.channels({ ...subject, severity: 'critical' })).toEqual([])
    expect(routing.channels({ ...subject, segment: 'category=shoes' })).toEqual([])
  })

  test('one address is told once, by its first name', () => {
    const routing = createRouting([route('again-a', { continues: true }), route('a')], receivers)
    expect(routing.channels(subject)).toEqual(['a'])
  })

  test('pagers are kept apart, and the end is told to channels that want it', () => {
    const routing = createRouting(
      ['pager', 'a', 'b'].map(name => route(name, { continues: true })),
      receivers
    )
    expect(routing.pagers(subject)).toEqual(['pager'])
    expect(routing.channels(subject)).toEqual(['a', 'b'])
    expect(routing.endChannels(subject)).toEqual(['b'])
  })

  test('the end of an outage of the store is told to every channel', () => {
    const routing = createRouting(
      ['pager', 'a', 'b'].map(name => route(name, { continues: true })),
      receivers
    )
    expect(routing.endChannels({ ...subject, kind: 'store_unavailable' })).toEqual(['a', 'b'])
  })
})
