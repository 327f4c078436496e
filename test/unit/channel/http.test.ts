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
      { kind: 'refused', status: 404, answer: '404 no_service' }
    ],
    [
      '400 is refused for good',
      { status: 400, body: 'invalid_payload' },
      { kind: 'refused', status: 400, answer: '400 invalid_payload' }
    ],
    [
      '403 is refused for good',
      { status: 403, body: 'action_prohibited' },
      { kind: 'refused', status: 403, answer: '403 action_prohibited' }
    ],
    [
      '410 is refused for good',
      { status: 410, body: 'channel_is_archived' },
      { kind: 'refused', status: 410, answer: '410 channel_is_archived' }
    ],
    ['a permanent redirect is refused', { status: 301 }, { kind: 'refused', status: 301, answer: '301' }],
    [
      "a temporary redirect, a portal's, is tried again",
      { status: 302 },
      { kind: 'retry', status: 302, answer: '302' }
    ],
    [
      '429 is tried again when it says',
      { status: 429, retryAfterS: 7 },
      { kind: 'retry', status: 429, answer: '429', retryAfterMs: 7_000 }
    ],
    [
      '500 is tried again',
      { status: 500, body: 'oh\nno' },
      { kind: 'retry', status: 500, answer: '500 oh no' }
    ],
    [
      '200 with ok: false is refused',
      { status: 200, body: '{"ok":false,"error":"no_team"}' },
      { kind: 'refused', answer: 'no_team' }
    ],
    [
      '200 with another word is tried again, and shown',
      { status: 200, body: 'welcome' },
      { kind: 'retry', status: 200, answer: "200, but not Slack's ok: welcome" }
    ],
    [
      "a captive portal's page is tried again",
      { status: 200, body: '<!DOCTYPE html>\n<title>Log in</title>' },
      { kind: 'retry', status: 200, answer: "200, but not Slack's ok: <!DOCTYPE html> <title>Log in</title>" }
    ],
    [
      '200 without a word is tried again',
      { status: 200 },
      { kind: 'retry', status: 200, answer: "200, but not Slack's ok: nothing" }
    ],
    [
      '202 ok is none of its answers',
      { status: 202, body: 'ok' },
      { kind: 'retry', status: 202, answer: "202, but not Slack's ok: ok" }
    ],
    ['a broken connection is tried again', 'reset', { kind: 'retry' }]
  ])('%s', async (_, behaviour, expected) => {
    channels.inbox.behave('alerts', behaviour)
    expect(await channels.sendTo('slack')).toMatchObject(expected)
  })

  const portal = '\n<html><body>Accept our terms</body></html>'

  test.each<[string, Behaviour, object]>([
    [
      'another status than success is refused',
      { status: 202, body: '{"status":"invalid event","message":"no"}' },
      { kind: 'refused', status: 202, answer: '202 {"status":"invalid event","message":"no"}' }
    ],
    [
      '200 is not its answer',
      { status: 200, body: '{"status":"success"}' },
      { kind: 'retry', status: 200, answer: '200, but not the success of PagerDuty: {"status":"success"}' }
    ],
    [
      'an empty 202 is not its answer',
      { status: 202 },
      { kind: 'retry', status: 202, answer: '202, but not the success of PagerDuty: nothing' }
    ],
    ['a page is tried again', { status: 200, body: portal }, { kind: 'retry' }]
  ])('of PagerDuty, %s', async (_, behaviour, expected) => {
    channels.inbox.behave('pagerduty', behaviour)
    expect(await channels.sendTo('pagerduty', { dedupKey: 'key' })).toMatchObject(expected)
  })

  const connector = (status: number): Behaviour => ({
    status: 200,
    body: `Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error ${status} with ContextId x`
  })

  test.each<[string, Behaviour, 'sent' | 'retry' | 'refused']>([
    ['202', { status: 202 }, 'sent'],
    ['200 with nothing', { status: 200 }, 'sent'],
    ['1 of a connector', { status: 200, body: '1' }, 'sent'],
    ['another 200', { status: 200, body: 'hello' }, 'retry'],
    ['a page', { status: 202, body: portal }, 'retry'],
    ["a connector's 429", connector(429), 'retry'],
    ["a connector's 413", connector(413), 'refused']
  ])('of Teams, %s', async (_, behaviour, expected) => {
    channels.inbox.behave('alerts', behaviour)
    expect(await channels.sendTo('teams')).toMatchObject({ kind: expected })
  })

  test.each<[string, Behaviour, 'sent' | 'retry' | 'refused']>([
    ['204', { status: 204 }, 'sent'],
    ['words', { status: 200, body: 'thanks, <html> is fine inside' }, 'sent'],
    ['a page', { status: 200, body: `<!-- portal -->${portal}` }, 'retry']
  ])('of a webhook, %s', async (_, behaviour, expected) => {
    channels.inbox.behave('alerts', behaviour)
    expect(await channels.sendTo('webhook')).toMatchObject({ kind: expected })
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
    expect(await channels.sendTo('wrong')).toEqual({ kind: 'refused', status: 404, answer: '404 no_service' })
    expect(await channels.sendTo('closed')).toMatchObject({ kind: 'retry' })
  })

  test('never shows the webhook or the key', async () => {
    channels.inbox.behave('alerts', { status: 500, body: `failed: ${channels.inbox.slackUrl('alerts')}` })
    expect(await channels.sendTo('slack')).toEqual({ kind: 'retry', status: 500, answer: '500 failed: ***' })
    const { pathname } = new URL(channels.inbox.slackUrl('alerts'))
    channels.inbox.behave('alerts', { status: 404, body: `Cannot POST ${pathname}` })
    expect(await channels.sendTo('slack')).toEqual({
      kind: 'refused',
      status: 404,
      answer: '404 Cannot POST ***'
    })
    channels.inbox.behave('pagerduty', { status: 400, body: `bad key ${channels.inbox.pagerdutyKey}` })
    expect(await channels.sendTo('pagerduty')).toEqual({
      kind: 'refused',
      status: 400,
      answer: '400 bad key ***'
    })
  })

  test('a key that PagerDuty does not know is refused', async () => {
    expect(await channels.sendTo('wrong-key')).toMatchObject({ kind: 'refused' })
  })

  test('a channel works on after the pool was closed', async () => {
    await channels.close()
    expect(await channels.sendTo('slack')).toEqual({ kind: 'sent', answer: '200 ok' })
  })
})
