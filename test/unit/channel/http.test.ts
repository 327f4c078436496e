import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Behaviour } from '../../../src/demo/inbox/inbox.ts'
import { openTestChannels, type TestChannels } from '../../support/channels.ts'

let channels: TestChannels

beforeAll(async () => {
  channels = await openTestChannels()
})
afterAll(async () => {
  await channels.close()
  await channels.inbox.close()
})
beforeEach(() => {
  channels.inbox.behave('alerts', 'real')
  channels.inbox.behave('pagerduty', 'real')
})

describe('what a receiver answers', () => {
  test.each<[string, Behaviour, object]>([
    ['200 ok is sent', 'real', { kind: 'sent', answer: '200 ok' }],
    [
      '404 is refused for good',
      { status: 404, body: 'no_service' },
      { kind: 'refused', answer: '404 no_service' }
    ],
    [
      '400 is refused for good',
      { status: 400, body: 'invalid_payload' },
      { kind: 'refused', answer: '400 invalid_payload' }
    ],
    [
      '403 is refused for good',
      { status: 403, body: 'action_prohibited' },
      { kind: 'refused', answer: '403 action_prohibited' }
    ],
    [
      '410 is refused for good',
      { status: 410, body: 'channel_is_archived' },
      { kind: 'refused', answer: '410 channel_is_archived' }
    ],
    ['a redirect is refused', { status: 302 }, { kind: 'refused', answer: '302' }],
    [
      '429 is tried again when it says',
      { status: 429, retryAfterS: 7 },
      { kind: 'retry', answer: '429', retryAfterMs: 7_000 }
    ],
    ['500 is tried again', { status: 500, body: 'oh\nno' }, { kind: 'retry', answer: '500 oh no' }],
    [
      '200 with ok: false is refused',
      { status: 200, body: '{"ok":false,"error":"no_team"}' },
      { kind: 'refused', answer: 'no_team' }
    ],
    ['a broken connection is tried again', 'reset', { kind: 'retry' }]
  ])('%s', async (_, behaviour, expected) => {
    channels.inbox.behave('alerts', behaviour)
    expect(await channels.sendTo('slack')).toMatchObject(expected)
  })

  test('no answer is tried again', async ({ onTestFinished }) => {
    const hurried = await openTestChannels(100)
    onTestFinished(async () => {
      await hurried.close()
      await hurried.inbox.close()
    })
    hurried.inbox.behave('alerts', 'hang')
    expect(await hurried.sendTo('slack')).toEqual({ kind: 'retry', answer: 'no answer within 100 ms' })
  })

  test('an unknown webhook is refused, a closed port tried again', async () => {
    expect(await channels.sendTo('wrong')).toEqual({ kind: 'refused', answer: '404 no_service' })
    expect(await channels.sendTo('closed')).toMatchObject({ kind: 'retry' })
  })

  test('never shows the webhook or the key', async () => {
    channels.inbox.behave('alerts', { status: 500, body: `failed: ${channels.inbox.slackUrl('alerts')}` })
    expect(await channels.sendTo('slack')).toEqual({ kind: 'retry', answer: '500 failed: ***' })
    const { pathname } = new URL(channels.inbox.slackUrl('alerts'))
    channels.inbox.behave('alerts', { status: 404, body: `Cannot POST ${pathname}` })
    expect(await channels.sendTo('slack')).toEqual({ kind: 'refused', answer: '404 Cannot POST ***' })
    channels.inbox.behave('pagerduty', { status: 400, body: `bad key ${channels.inbox.pagerdutyKey}` })
    expect(await channels.sendTo('pagerduty')).toEqual({ kind: 'refused', answer: '400 bad key ***' })
  })

  test('a key that PagerDuty does not know is refused', async () => {
    expect(await channels.sendTo('wrong-key')).toMatchObject({ kind: 'refused' })
  })

  test('a channel works on after the pool was closed', async () => {
    await channels.close()
    expect(await channels.sendTo('slack')).toEqual({ kind: 'sent', answer: '200 ok' })
  })
})
