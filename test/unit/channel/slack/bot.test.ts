import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { SendResult } from '../../../../src/delivery/channel.ts'
import type { Behaviour } from '../../../../src/demo/inbox/inbox.ts'
import { textAt } from '../../../../src/demo/inbox/json.ts'
import { anomalyAt, epoch, escalationOf } from '../../../support/alerts.ts'
import { factsOf, openTestChannels, type TestChannels } from '../../../support/channels.ts'

let channels: TestChannels
beforeEach(async () => {
  channels = await openTestChannels()
})
afterEach(async () => {
  await channels.close()
  await channels.inbox.close()
})

const first = 'C0LOCAL0:1700000000.000001'
const posts = () =>
  channels.inbox.posts().map(({ threadTs, isBroadcast, edits, body }) => {
    const where = threadTs === null ? 'channel' : isBroadcast ? 'thread and channel' : 'thread'
    return `${where}, ${edits} edits: ${textAt(body, 'text')}`
  })
const resultOf = ({ kind, answer }: SendResult) => `${kind}: ${answer}`

describe('an incident told by a Slack bot', () => {
  test('is one message that is brought up to date, with what changed in its thread', async () => {
    const opened = await channels.sendTo('bot', { incident: factsOf() })
    expect(opened).toEqual({ kind: 'sent', answer: `ok ${first}`, messageRef: first })

    const acknowledged = factsOf({ acknowledged: { by: 'Ann', via: 'slack', at: 0, severity: 'high' } })
    await channels.sendTo(
      'bot',
      { incident: factsOf(), reason: { type: 'severity_rose' }, severity: 'critical' },
      first
    )
    await channels.sendTo(
      'bot',
      { action: 'acknowledge', reason: { type: 'acknowledged' }, incident: acknowledged },
      first
    )
    const resolved = await channels.sendTo('bot', { action: 'resolve', reason: { type: 'recovered' } }, first)
    expect(resolved).toMatchObject({ kind: 'sent', messageRef: first })
    const details = 'Revenue dropped by 87% from baseline ($1,850 → $245). Possible payment system failure.'
    expect(posts()).toEqual([
      'channel, 3 edits: ✅ Resolved: Revenue drop',
      `thread and channel, 0 edits: 💰 CRITICAL: Revenue drop: ${details}`,
      `thread, 0 edits: 👀 Acknowledged: Revenue drop: ${details}`,
      'thread, 0 edits: ✅ Resolved: Revenue drop'
    ])
  })

  test('grows in place where another alert of its cause joins, which only the thread hears of', async () => {
    await channels.sendTo('bot', { incident: factsOf() })
    const joined = [anomalyAt(2, { kind: 'conversion_drop' }), anomalyAt(2)]
    await channels.sendTo(
      'bot',
      { reason: { type: 'more_found' }, incident: factsOf(), anomalies: joined },
      first
    )
    const [message, reply] = channels.inbox.posts()
    expect(JSON.stringify(message?.body)).toContain('Also found')
    expect(message?.edits).toBe(1)
    expect(reply).toMatchObject({ isBroadcast: false, threadTs: '1700000000.000001' })
    expect(JSON.stringify(reply?.body)).toContain('Also found: Conversion drop.')
  })

  test('calls whom an escalation mentions, in the thread and the channel', async () => {
    const escalation = escalationOf({ since: epoch, taken: [{ level: 1, at: epoch, by: null }] })
    const mention = ['U012AB3CD', 'S0614TZR7', 'here']
    await channels.sendTo('bot', { incident: factsOf({ escalation }) })
    await channels.sendTo(
      'bot',
      {
        reason: { type: 'escalated', level: 1 },
        escalated: { level: 1, levels: 3, by: null, mention },
        incident: factsOf({ escalation }),
        decidedAt: epoch + 300_000
      },
      first
    )
    const reply = channels.inbox.posts().at(-1)
    expect(reply).toMatchObject({ isBroadcast: true, threadTs: '1700000000.000001' })
    expect(reply?.body).toMatchObject({
      blocks: [
        { type: 'section', text: { type: 'mrkdwn', text: '<@U012AB3CD> <!subteam^S0614TZR7> <!here>' } },
        { type: 'section' }
      ]
    })
    expect(JSON.stringify(reply?.body)).toContain(
      'Escalated to level 1 of 3: nobody has acknowledged it for 5 min.'
    )
  })

  test('calls the channel with a reminder, and says for how long', async () => {
    await channels.sendTo('bot', { incident: factsOf() })
    await channels.sendTo(
      'bot',
      { reason: { type: 'reminder' }, incident: factsOf(), decidedAt: factsOf().openedAt + 14_400_000 },
      first
    )
    const reply = channels.inbox.posts().at(-1)
    expect(reply).toMatchObject({ isBroadcast: true, threadTs: '1700000000.000001' })
    expect(JSON.stringify(reply?.body)).toContain(
      'Reminder: still open after 4 h, and nobody has acknowledged it.'
    )
  })

  test('begins anew where its message was deleted', async () => {
    await channels.sendTo('bot')
    channels.inbox.removePost('1700000000.000001')
    const second = 'C0LOCAL0:1700000000.000002'
    expect(await channels.sendTo('bot', { reason: { type: 'reminder' } }, first)).toMatchObject({
      messageRef: second
    })
    expect(posts()).toHaveLength(1)
  })

  test('a summary is a message of its own', async () => {
    await channels.sendTo('bot')
    await channels.sendTo('bot', { action: 'summary', reason: { type: 'catch_up' } }, first)
    expect(channels.inbox.posts().map(({ threadTs, edits }) => [threadTs, edits])).toEqual([
      [null, 0],
      [null, 0]
    ])
  })
})

describe("an answer of Slack's Web API", () => {
  const failing = (error: string): Behaviour => ({ status: 200, body: JSON.stringify({ ok: false, error }) })

  test.each<[Behaviour, string]>([
    [failing('ratelimited'), 'retry: ratelimited'],
    [failing('internal_error'), 'retry: internal_error'],
    [failing('fatal_error'), 'retry: fatal_error'],
    [failing('service_unavailable'), 'retry: service_unavailable'],
    [failing('request_timeout'), 'retry: request_timeout'],
    [failing('channel_not_found'), 'refused: channel_not_found'],
    [failing('not_in_channel'), 'refused: not_in_channel'],
    [failing('invalid_auth'), 'refused: invalid_auth'],
    [failing('is_archived'), 'refused: is_archived'],
    [{ status: 503, body: '' }, 'retry: 503'],
    [{ status: 200, body: 'ok' }, 'retry: 200, but not an answer of Slack: ok'],
    [{ status: 200, body: '{"hello":1}' }, 'retry: 200, but not an answer of Slack: {"hello":1}'],
    [{ status: 200, body: '<html>log in' }, 'retry: 200, but not an answer of Slack: <html>log in']
  ])('%j is taken for what it is', async (behaviour, expected) => {
    channels.inbox.behave('slack-bot', behaviour)
    expect(resultOf(await channels.sendTo('bot'))).toBe(expected)
  })

  test('429 says when to come again', async () => {
    channels.inbox.behave('slack-bot', { status: 429, retryAfterS: 7 })
    expect(await channels.sendTo('bot')).toEqual({
      kind: 'retry',
      status: 429,
      answer: '429',
      retryAfterMs: 7_000
    })
  })

  test('names the places of a layout that was refused, and never the token', async () => {
    const messages = ['[ERROR] no more than 10 items [json-pointer:/blocks/0]', channels.inbox.slackBotToken]
    const body = JSON.stringify({ ok: false, error: 'invalid_blocks', response_metadata: { messages } })
    channels.inbox.behave('slack-bot', { status: 200, body })
    expect(resultOf(await channels.sendTo('bot'))).toBe(
      'refused: invalid_blocks: [ERROR] no more than 10 items [json-pointer:/blocks/0]; ***'
    )
  })

  test('a failed edit leaves the thread alone, to be tried again as a whole', async () => {
    await channels.sendTo('bot')
    channels.inbox.behave('slack-bot', failing('internal_error'))
    expect(resultOf(await channels.sendTo('bot', { reason: { type: 'reminder' } }, first))).toBe(
      'retry: internal_error'
    )
    expect(channels.inbox.messages).toHaveLength(2)
  })

  test('where nobody may edit, the thread gets the whole message', async () => {
    await channels.sendTo('bot')
    channels.inbox.behave('slack-bot', failing('edit_window_closed'))
    await channels.sendTo('bot', { reason: { type: 'reminder' } }, first)
    expect(channels.inbox.messages.map(({ body }) => (body as { thread_ts?: string }).thread_ts)).toEqual([
      undefined,
      undefined,
      '1700000000.000001'
    ])
  })
})
