import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { kinds } from '../../../detectors/catalogue.ts'
import { ordinaryExamples, worstExamples } from '../../../src/channel/check/examples.ts'
import { createChannels } from '../../../src/channel/create.ts'
import type { Channel } from '../../../src/delivery/channel.ts'
import { renderOptionsOf } from '../../support/alerts.ts'
import { emailTo, openTestChannels, type TestChannels } from '../../support/channels.ts'
import { type Mailbox, openMailbox } from '../../support/mailbox.ts'

const longUrl = `https://shop.example/{kind}?${'x'.repeat(2_900)}`
const checkFirst = `${'Look at <{segment}> & "{metric}". '.repeat(17)}`
/** As much as a configuration can add to a message. */
const fullest = renderOptionsOf({
  timezone: 'America/Argentina/ComodRivadavia',
  dashboardTemplate: longUrl,
  runbooks: new Map(kinds.map(({ kind }) => [kind, { runbookUrl: longUrl, checkFirst }])),
  incidentUrl: () => `https://cartwatch.example/a/${'t'.repeat(2_900)}`,
  interactive: true
})

let channels: TestChannels
let mailbox: Mailbox
let mail: Channel
beforeAll(async () => {
  channels = await openTestChannels(20_000, fullest)
  mailbox = await openMailbox()
  const receivers = new Map([['mail', emailTo(mailbox.port)]])
  const { byName } = createChannels({
    receivers,
    renderOptions: fullest,
    timeoutMs: 20_000,
    clock: { now: () => 0 }
  })
  mail = byName.get('mail') as Channel
})
afterAll(async () => {
  await channels.close()
  await channels.inbox.close()
  await mailbox.close()
})

describe.each(['slack', 'bot', 'pagerduty', 'teams', 'webhook'])('a receiver like the real one: %s', name => {
  test.each(kinds.map(({ kind }) => kind))('takes every message of %s', async kind => {
    const channel = channels.byName.get(name) as Channel
    const results = []
    for (const notification of [...ordinaryExamples(kind), ...worstExamples(kind)]) {
      results.push((await channel.send(notification, null)).kind)
    }
    expect(new Set(results)).toEqual(new Set(['sent']))
    // None of them came plainly, for a fault of ours.
    const last = JSON.stringify(channels.inbox.messages.slice(-results.length).map(({ body }) => body))
    expect(last).not.toContain('shown plainly')
  })
})

test('a mail server takes every message of every kind', async () => {
  for (const { kind } of kinds) {
    const all = [...ordinaryExamples(kind), ...worstExamples(kind)]
    const results = await Promise.all(all.map(one => mail.send(one, null)))
    expect(new Set(results.map(result => result.kind))).toEqual(new Set(['sent']))
  }
  expect(mailbox.mails.map(({ text }) => text).join()).not.toContain('shown plainly')
})

test("a bot's thread takes every message as an update", async () => {
  const bot = channels.byName.get('bot') as Channel
  const [first] = ordinaryExamples('revenue_drop')
  const opened = first && (await bot.send(first, null))
  const messageRef = opened?.kind === 'sent' ? (opened.messageRef ?? null) : null
  expect(messageRef).not.toBeNull()
  for (const notification of worstExamples('revenue_drop')) {
    expect(await bot.send(notification, messageRef)).toMatchObject({ kind: 'sent' })
  }
})

test('a fault while a message is made costs its form, not the message', async () => {
  const broken = renderOptionsOf({ currency: '??' })
  const receivers = new Map([['mail', emailTo(mailbox.port)]])
  const clock = { now: () => 0 }
  const { byName } = createChannels({ receivers, renderOptions: broken, timeoutMs: 20_000, clock })
  const plain = await openTestChannels(20_000, { currency: '??' })
  const [notification] = ordinaryExamples('revenue_drop')
  if (!notification) throw new Error('no specimen')
  for (const name of ['slack', 'bot', 'pagerduty', 'teams', 'webhook']) {
    expect(await plain.byName.get(name)?.send(notification, null)).toMatchObject({ kind: 'sent' })
    expect(JSON.stringify(plain.lastBody())).toContain(
      'trigger · low · revenue_drop · country=DE · Revenue dropped by 87% from baseline ($1,850 → $245). (shown plainly: RangeError)'
    )
  }
  expect(await byName.get('mail')?.send(notification, null)).toMatchObject({ kind: 'sent' })
  expect(mailbox.mails.at(-1)?.text).toContain('(shown plainly: RangeError)')
  await plain.close()
  await plain.inbox.close()
})
