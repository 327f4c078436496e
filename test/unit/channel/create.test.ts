import { expect, test } from 'vitest'
import { createChannels } from '../../../src/channel/create.ts'
import type { ReceiverSettings } from '../../../src/routing/receiver.ts'
import { createRouting } from '../../../src/routing/router.ts'
import { epoch, pagerWith, plainContext, renderOptionsOf, routeTo, slackAt } from '../../support/alerts.ts'
import { emailTo, slackBotTo, teamsTo, webhookTo } from '../../support/channels.ts'

const at = (path: string) => `https://receiver.example/${path}`
const mailTo = (to: readonly string[], more = {}) => emailTo(25, { to, ...more })

/** Of each type two receivers of one address, and one of another. */
const receiversOf: { [type in ReceiverSettings['type']]: readonly ReceiverSettings[] } = {
  slack: [slackAt(at('a')), { ...slackAt(at('a')), channel: '#ops' }, slackAt(at('b'))],
  slack_bot: [
    slackBotTo(at('api'), 'token'),
    { ...slackBotTo(at('api'), 'token'), fallback: 'slack' },
    slackBotTo(at('api'), 'another')
  ],
  pagerduty: [pagerWith('a'), { ...pagerWith('a'), fallback: 'slack' }, pagerWith('b')],
  email: [
    mailTo(['a@shop.example', 'b@shop.example']),
    mailTo(['b@shop.example', 'a@shop.example'], { user: 'alerts', password: 'secret' }),
    mailTo(['a@shop.example'])
  ],
  teams: [teamsTo(at('a')), { ...teamsTo(at('a')), sendResolved: false }, teamsTo(at('b'))],
  webhook: [webhookTo(at('a')), webhookTo(at('a'), 'secret'), webhookTo(at('b'))]
}

test.each(Object.entries(receiversOf))(
  'two receivers of type %s that are notified as one share a queue, a third has its own',
  (type, settings) => {
    const receivers = new Map(
      ['first', 'same', 'other'].map((name, n) => [name, settings[n] as ReceiverSettings])
    )
    const routes = [...receivers.keys()].map(name => routeTo(name, { continues: true }))
    const subject = { kind: 'data_loss', segment: 'all', severity: 'high' } as const
    const notified = createRouting(routes, receivers, plainContext).to(subject, epoch)
    expect(notified.map(({ name }) => name)).toEqual(['first', 'other'])

    const { byName } = createChannels({
      receivers,
      renderOptions: renderOptionsOf(),
      timeoutMs: 1_000,
      clock: { now: () => epoch }
    })
    expect([...byName.values()].map(channel => channel.type)).toEqual([type, type, type])
    const queueOf = (name: string) => byName.get(name)?.address
    expect(queueOf('same')).toBe(queueOf('first'))
    expect(queueOf('other')).not.toBe(queueOf('first'))
  }
)
