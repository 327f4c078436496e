import { afterEach, expect, test } from 'vitest'
import { type Channels, createChannels } from '../../../../src/channel/create.ts'
import type { TemplateFailure } from '../../../../src/channel/template/own.ts'
import { createTemplates } from '../../../../src/channel/template/templates.ts'
import { type Inbox, openInbox } from '../../../../src/demo/inbox/inbox.ts'
import type { ReceiverSettings } from '../../../../src/routing/receiver.ts'
import { epoch, recordOf, renderOptionsOf } from '../../../support/alerts.ts'
import { pagerDutyTo, slackBotTo, slackTo, teamsTo, webhookTo } from '../../../support/channels.ts'

let inbox: Inbox
let channels: Channels
afterEach(async () => {
  await channels.close()
  await inbox.close()
})

/** Receivers of all types over HTTP, each with one template. */
async function open(text: string, kinds: readonly string[] = ['default']) {
  inbox = await openInbox({ clock: { now: () => 0 }, rate: null })
  const failures: TemplateFailure[] = []
  const receivers = new Map<string, ReceiverSettings>([
    ['slack', slackTo(inbox.slackUrl('alerts'))],
    ['bot', slackBotTo(inbox.slackApiUrl, inbox.slackBotToken)],
    ['french', { ...slackTo(inbox.slackUrl('french')), language: 'fr' }],
    ['teams', teamsTo(inbox.teamsUrl('alerts'))],
    ['webhook', webhookTo(inbox.webhookUrl('alerts'))],
    ['pagerduty', pagerDutyTo(inbox.pagerdutyUrl, inbox.pagerdutyKey)]
  ])
  const own = new Map(kinds.map(kind => [kind, 'it.liquid']))
  const renderOptions = renderOptionsOf()
  channels = createChannels({
    receivers,
    renderOptions,
    ownMessages: {
      templates: createTemplates({
        files: new Map([['it.liquid', text]]),
        assigned: new Map([...receivers.keys()].map(name => [name, own])),
        labelsOf: () => ({}),
        renderOptions
      }),
      onFailure: failure => failures.push(failure)
    },
    timeoutMs: 5_000,
    clock: { now: () => epoch }
  })
  const send = async (name: string, overrides = {}, earlier: string | null = null) => {
    const result = await channels.byName.get(name)?.send(recordOf(overrides), earlier)
    return { result, body: JSON.stringify(inbox.messages.at(-1)?.body) }
  }
  return { send, failures }
}

test.each(['slack', 'bot', 'teams', 'webhook', 'pagerduty'])(
  '%s sends what the template says',
  async name => {
    const { send, failures } = await open(name === 'webhook' ? '{"own":"words"}' : 'own words')
    const { result, body } = await send(name)
    expect([result?.kind, failures]).toEqual(['sent', []])
    expect(body).toMatch(name === 'webhook' ? /^\{"own":"words"\}$/ : /own words/)
  }
)

test.each(['slack', 'bot', 'teams', 'webhook', 'pagerduty'])(
  '%s sends the built-in message where the template fails, and tells of it',
  async name => {
    const { send, failures } = await open('{{ alert.model_name | slack_button: details }}{% render "gone" %}')
    const { result, body } = await send(name)
    expect(result?.kind).toBe('sent')
    expect(body).toMatch(/Revenue|revenue_drop/)
    expect(failures).toMatchObject([{ receiver: name, problem: { file: 'it.liquid', line: 1, column: 1 } }])
  }
)

test('a bot edits its message with the template, and replies with the built-in words', async () => {
  const { send } = await open('own words: {{ state }}')
  const { result } = await send('bot')
  const earlier = result?.kind === 'sent' ? (result.messageRef ?? null) : null
  await send('bot', { action: 'resolve', reason: { type: 'recovered' } }, earlier)
  const [post] = inbox.posts()
  expect(JSON.stringify(post)).toContain('own words: resolved')
  const reply = JSON.stringify(inbox.messages.at(-1)?.body)
  expect(reply).toContain('thread_ts')
  expect(reply).not.toContain('own words')
})

test('a kind without a template, and a report, have the built-in message', async () => {
  const { send } = await open('own words', ['drift'])
  expect((await send('slack')).body).not.toContain('own words')
  const report = { name: 'daily', date: '2026-01-01', title: 'Daily', sections: [] }
  await channels.close()
  await inbox.close()
  const other = await open('own words')
  expect((await other.send('slack', { kind: 'report', report })).body).not.toContain('own words')
})

test('a receiver has the values in its language', async () => {
  const { send } = await open('{{ kind_title }}')
  expect((await send('french')).body).toContain('Chute du chiffre')
  expect((await send('slack')).body).toContain('Revenue drop')
})
