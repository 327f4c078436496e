import { afterEach, expect, test } from 'vitest'
import { createChannels } from '../../../../src/channel/create.ts'
import { createHttp } from '../../../../src/channel/http.ts'
import { probeBot } from '../../../../src/channel/slack/probe.ts'
import { type Inbox, openInbox } from '../../../../src/demo/inbox/inbox.ts'
import type { NotificationRecord } from '../../../../src/incident/types.ts'
import type { ReceiverSettings } from '../../../../src/routing/receiver.ts'
import { recordOf, renderOptionsOf } from '../../../support/alerts.ts'
import { emailTo, factsOf, slackBotTo, slackTo, teamsTo, webhookTo } from '../../../support/channels.ts'
import { chartOf } from '../../../support/charts.ts'
import { openMailbox } from '../../../support/mailbox.ts'
import { until } from '../../../support/until.ts'

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

type Settings = (inbox: Inbox) => ReceiverSettings

async function open(settings: Settings, slackScopes = ['chat:write', 'files:write']) {
  const inbox = await openInbox({ clock: { now: () => 0 }, rate: null, slackScopes })
  const missed: string[] = []
  const { byName, close } = createChannels({
    receivers: new Map([['one', settings(inbox)]]),
    renderOptions: renderOptionsOf(),
    onPictureMissed: (receiver, why, answer) => void missed.push(`${receiver} ${why}: ${answer}`),
    pictureWithinMs: 480_000,
    timeoutMs: 5_000,
    clock: { now: () => 0 }
  })
  closing.push(close, inbox.close)
  const send = async (overrides: Partial<NotificationRecord> = {}, earlier: string | null = null) =>
    await byName.get('one')?.send(recordOf({ incident: factsOf(), chart: chartOf(), ...overrides }), earlier)
  return { inbox, missed, send }
}

const bot: Settings = ({ slackApiUrl, slackBotToken }) => slackBotTo(slackApiUrl, slackBotToken)
const teams: Settings = ({ teamsUrl }) => teamsTo(teamsUrl('alerts'))
const first = 'C0LOCAL0:1700000000.000001'
const isPng = (bytes: Buffer | undefined) => bytes?.subarray(1, 4).toString('latin1') === 'PNG'

test('a bot puts the picture into the thread of its message, and another when it gets worse', async () => {
  const { inbox, missed, send } = await open(bot)
  expect(await send()).toEqual({ kind: 'sent', answer: `ok ${first}`, messageRef: first })
  await until('the picture', () => inbox.files().length + missed.length === 1)
  expect(inbox.files()[0]).toMatchObject({ channel: 'C0LOCAL0', threadTs: '1700000000.000001' })
  expect(inbox.files()[0]?.altText).toBe('HIGH: Revenue drop')
  expect(isPng(inbox.files()[0]?.bytes)).toBe(true)

  await send({ reason: { type: 'severity_rose' }, severity: 'critical' }, first)
  await until('the second picture', () => inbox.files().length + missed.length === 2)
  expect(inbox.files()[1]?.threadTs).toBe('1700000000.000001')
  expect(inbox.posts()).toHaveLength(2)
  expect(missed).toEqual([])
})

test('without the scope files:write the message goes without it; a test and a check say so', async () => {
  const { inbox, missed, send } = await open(bot, ['chat:write'])
  expect(await send()).toMatchObject({ kind: 'sent', answer: `ok ${first}` })
  const why = 'missing_scope: add files:write to the app and install it again'
  await until('the refusal', () => missed.length === 1)
  expect(missed).toEqual([`one refused: ${why}`])
  expect(await send({ reason: { type: 'test' } })).toMatchObject({
    kind: 'sent',
    answer: `ok C0LOCAL0:1700000000.000002, without its picture: ${why}`
  })
  expect(inbox.files()).toEqual([])

  const http = createHttp({ timeoutMs: 5_000 })
  closing.push(http.close)
  const { slackApiUrl: apiUrl, slackBotToken: botToken } = inbox
  const lacking = '; without the scope files:write its messages have no pictures'
  expect(await probeBot({ apiUrl, botToken }, http)).toBe(`Slack knows cartwatch in local${lacking}`)
  expect(await probeBot({ apiUrl, botToken, picture: 'off' }, http)).toBe('Slack knows cartwatch in local')
})

test('a mail shows the picture within its HTML', async () => {
  const mailbox = await openMailbox()
  const { send } = await open(() => emailTo(mailbox.port))
  closing.push(mailbox.close)
  expect(await send()).toMatchObject({ kind: 'sent' })
  const [mail] = mailbox.mails
  const cid = /<img src="cid:([^"]+)" alt="HIGH: Revenue drop"/.exec(mail?.html ?? '')?.[1]
  expect(mail?.images).toEqual([{ id: `<${cid}>`, disposition: 'inline', isPng: true }])
  expect(mail?.text).toContain('Revenue dropped')
  await send({ chart: undefined } as object)
  expect(mailbox.mails[1]).toMatchObject({ images: [] })
  expect(mailbox.mails[1]?.html).not.toContain('<img')
})

test('a card has the picture within it, unless its words leave no room', async () => {
  const { inbox, missed, send } = await open(teams)
  expect(await send()).toMatchObject({ kind: 'sent' })
  const card = JSON.stringify(inbox.messages.at(-1)?.body)
  expect(card).toContain('"type":"Image","url":"data:image/png;base64,iVBORw0KGgo')
  expect(missed).toEqual([])

  const long = Array(60).fill('a finding that is inhibited, with many words about it. '.repeat(9))
  const changes = Array(40).fill({
    id: 'x',
    kind: 'deploy',
    what: 'w'.repeat(200),
    by: 'b',
    link: null,
    at: 0
  })
  const { points, windowMs } = chartOf(180)
  const restless = points.map((one, at) => ({
    ...one,
    value: 1_850 + 900 * Math.sin(at * at),
    upper: 2_400 + 300 * Math.cos(at * at)
  }))
  await send({ inhibits: long, changes, chart: { windowMs, points: restless } })
  expect(inbox.messages.at(-1)).toMatchObject({ accepted: true })
})

test.each<[string, Settings]>([
  ['a webhook of Slack', ({ slackUrl }) => slackTo(slackUrl('alerts'))],
  ['a webhook', ({ webhookUrl }) => webhookTo(webhookUrl('alerts'))],
  ['a bot that is to have none', one => ({ ...bot(one), picture: 'off' }) as ReceiverSettings],
  ['a card that is to have none', one => ({ ...teams(one), picture: 'off' }) as ReceiverSettings]
])('%s gets no picture', async (_, settings) => {
  const { inbox, missed, send } = await open(settings)
  expect(await send()).toMatchObject({ kind: 'sent' })
  expect(JSON.stringify(inbox.messages)).not.toMatch(/image\/png|"chart"|lower/)
  expect([inbox.files(), missed]).toEqual([[], []])
})
