import { expect, test } from 'vitest'
import { editedSlackMessage, slackMessage } from '../../../../src/channel/slack/message.ts'
import { epoch, escalationOf, incidentOf, recordOf, renderOptionsOf } from '../../../support/alerts.ts'
import { factsOf } from '../../../support/channels.ts'
import { incidentId, secrets, slackHeaders, startInbound, startReceiver } from '../../../support/inbound.ts'

const path = '/slack/interactions'
const button = (id: string, severity = 'high', incident = incidentId) => ({
  action_id: id,
  action_ts: '1700000000.000100',
  type: 'button',
  value: JSON.stringify({ incident, severity })
})

function clickOf(action: object, rest: object = {}): string {
  const payload = { type: 'block_actions', user: { id: 'U1', username: 'ann' }, actions: [action], ...rest }
  return new URLSearchParams({ payload: JSON.stringify(payload) }).toString()
}

/** A message with the buttons in an attachment, as it stands in Slack. */
const message = {
  text: 'Revenue dropped',
  ts: '1700000000.000001',
  blocks: [],
  attachments: [
    {
      id: 1,
      color: '#ff9800',
      blocks: [
        { type: 'section', text: { type: 'mrkdwn', text: 'Revenue dropped' } },
        {
          type: 'actions',
          elements: [button('acknowledge'), button('silence'), { type: 'button', action_id: 'dashboard' }]
        }
      ]
    }
  ]
}

test('Acknowledge is answered at once, stored once, and shows in the message', async ({ onTestFinished }) => {
  const slack = await startReceiver(onTestFinished)
  const inbound = await startInbound(onTestFinished, { slackOrigins: new Set([slack.url]) })
  const body = clickOf(button('acknowledge'), { message, response_url: `${slack.url}/actions/T/1/x` })
  const answer = await inbound.post(path, body, slackHeaders(body, epoch))
  expect([answer.status, answer.text]).toEqual([200, ''])
  expect(await slack.next()).toEqual({
    replace_original: true,
    text: 'Revenue dropped',
    blocks: [],
    attachments: [
      {
        id: 1,
        color: '#ff9800',
        blocks: [
          message.attachments[0]?.blocks[0],
          { type: 'actions', elements: [button('silence'), { type: 'button', action_id: 'dashboard' }] },
          {
            type: 'context',
            elements: [{ type: 'plain_text', text: 'Acknowledged by ann at 10:00 UTC', emoji: false }]
          }
        ]
      }
    ]
  })
  expect(await inbound.store.actions('shop', 0)).toEqual([
    {
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      pipeline: 'shop',
      action: 'acknowledge',
      at: epoch,
      by: 'ann',
      via: 'slack',
      incidentId,
      severity: 'high',
      silence: null
    }
  ])
  expect(inbound.audit()).toEqual(['taken: acknowledge by ann'])
  expect(inbound.recorded).toEqual([
    { action: 'acknowledge', actor: 'ann', origin: '127.0.0.1', subject: incidentId }
  ])
})

test.for([
  ['by webhook', slackMessage, 3],
  ['by bot, which edits it itself', editedSlackMessage, 2]
] as const)('the buttons of our own message %s act', async ([, render, changes], { onTestFinished }) => {
  const slack = await startReceiver(onTestFinished)
  const inbound = await startInbound(onTestFinished, { slackOrigins: new Set([slack.url]) })
  const own = render(recordOf({ incidentId, incident: factsOf() }), renderOptionsOf({ interactive: true }))
  const buttons = JSON.parse(JSON.stringify(own)).attachments[0].blocks.find(
    ({ type }: { type: string }) => type === 'actions'
  ).elements
  for (const pressed of buttons) {
    const { options = [] } = pressed
    const action = { ...pressed, action_ts: '1', selected_option: options[1] }
    const body = clickOf(action, { message: own, response_url: slack.url })
    await inbound.post(path, body, slackHeaders(body, epoch))
  }
  expect(inbound.audit()).toEqual([
    'taken: acknowledge by ann',
    'taken: silence by ann',
    'taken: label by ann'
  ])
  for (let at = 0; at < changes; at++)
    expect(await slack.next()).toMatchObject({ replace_original: true, text: own.text })
})

test('a message that its sender edits is left to the sender when it is acknowledged', async ({
  onTestFinished
}) => {
  const slack = await startReceiver(onTestFinished)
  const inbound = await startInbound(onTestFinished, { slackOrigins: new Set([slack.url]) })
  const value = JSON.stringify({ incident: incidentId, severity: 'high', edited: true })
  for (const id of ['acknowledge', 'silence']) {
    const body = clickOf({ ...button(id), value }, { response_url: slack.url })
    await inbound.post(path, body, slackHeaders(body, epoch))
  }
  expect(JSON.stringify(await slack.next())).toContain('Silenced for an hour by ann')
  expect(inbound.audit()).toEqual(['taken: acknowledge by ann', 'taken: silence by ann'])
})

test('Silence 1 h silences the kind and segment of the incident for an hour', async ({ onTestFinished }) => {
  const slack = await startReceiver(onTestFinished)
  const inbound = await startInbound(onTestFinished, { slackOrigins: new Set([slack.url]) })
  const body = clickOf(button('silence'), { response_url: `${slack.url}/actions` })
  await inbound.post(path, body, slackHeaders(body, epoch))
  expect(await slack.next()).toMatchObject({
    blocks: [
      {
        elements: [
          { text: 'Silenced for an hour by ann at 10:00 UTC: this kind and segment at every severity' }
        ]
      }
    ]
  })
  const [action] = await inbound.store.actions('shop', 0)
  expect(action).toMatchObject({
    action: 'silence',
    incidentId: null,
    silence: {
      matchers: {
        kinds: ['revenue_drop'],
        severities: null,
        segments: ['all'],
        pipelines: ['shop'],
        labels: {}
      },
      by: 'ann',
      reason: 'silenced with the incident 5b2f0c7e',
      startsAt: epoch,
      endsAt: epoch + 3_600_000
    }
  })
})

test('what an incident was is said by its menu, which stays, also once it is over', async ({
  onTestFinished
}) => {
  const slack = await startReceiver(onTestFinished)
  const inbound = await startInbound(onTestFinished, { slackOrigins: new Set([slack.url]) })
  await inbound.store.insertIncidents([incidentOf({ id: incidentId, status: 'resolved' })])
  const menu = { type: 'overflow', action_id: 'label' }
  const said = { blocks: [{ type: 'actions', elements: [menu] }] }
  const choose = async (value: string, action_ts: string) => {
    const action = { ...menu, action_ts, selected_option: { value } }
    const body = clickOf(action, { message: said, response_url: slack.url })
    await inbound.post(path, body, slackHeaders(body, epoch))
  }
  await choose(`false ${incidentId}`, '1')
  expect(await slack.next()).toMatchObject({
    blocks: [
      { type: 'actions', elements: [menu] },
      { type: 'context', elements: [{ text: 'Marked as a false alarm by ann at 10:00 UTC' }] }
    ]
  })
  await choose(`expected ${incidentId} fr`, '2')
  expect(JSON.stringify(await slack.next())).toContain('Marqué comme attendu par ann')
  await choose(`real ffffffff-7d0b-5c55-9a4e-0f6d1f0a3b77`, '3')
  expect(await slack.next()).toMatchObject({ text: 'Not done: this incident is not known here.' })
  await choose(`great ${incidentId}`, '4')
  expect(await inbound.store.actions('shop', 0)).toMatchObject([
    { action: 'label', by: 'ann', via: 'slack', incidentId, label: { verdict: 'false', reason: '' } },
    { action: 'label', by: 'ann', via: 'slack', incidentId, label: { verdict: 'expected', reason: '' } }
  ])
  expect(inbound.audit()).toEqual([
    'taken: label by ann',
    'taken: label by ann',
    'ignored: unknown',
    'ignored: another_interaction'
  ])
})

test.for([
  [
    'is graver by now',
    'high',
    'critical',
    'open',
    'Not done: the incident is critical by now. Acknowledge the newer message.'
  ],
  ['is over', 'high', 'high', 'resolved', 'Nothing to do: this incident is over.']
] as const)(
  'a click on an incident that %s is answered to its person alone',
  async ([, seen, severity, status, text], { onTestFinished }) => {
    const slack = await startReceiver(onTestFinished)
    const inbound = await startInbound(onTestFinished, { slackOrigins: new Set([slack.url]) })
    await inbound.store.insertIncidents([incidentOf({ id: incidentId, severity, status })])
    const body = clickOf(button('acknowledge', seen), { response_url: slack.url })
    await inbound.post(path, body, slackHeaders(body, epoch))
    expect(await slack.next()).toEqual({ replace_original: false, response_type: 'ephemeral', text })
    expect(await inbound.store.actions('shop', 0)).toEqual([])
  }
)

test('a store that is away is told to the person who clicked', async ({ onTestFinished }) => {
  const slack = await startReceiver(onTestFinished)
  const inbound = await startInbound(onTestFinished, { slackOrigins: new Set([slack.url]) })
  inbound.store.isDown = true
  const body = clickOf(button('acknowledge'), { response_url: slack.url })
  expect((await inbound.post(path, body, slackHeaders(body, epoch))).status).toBe(200)
  expect(await slack.next()).toMatchObject({
    text: 'Not done: the store does not answer. Try again in a minute.'
  })
  expect(inbound.audit()).toEqual(['refused: unavailable'])
})

test.for([
  ['no signature', {}, 'not_signed'],
  [
    'the signature of another secret',
    slackHeaders(clickOf(button('acknowledge')), epoch, 'guessed'),
    'wrong_signature'
  ],
  ['the signature of another body', slackHeaders('payload=x', epoch), 'wrong_signature'],
  ['a time 301 s ago', slackHeaders(clickOf(button('acknowledge')), epoch - 301_000), 'wrong_time'],
  ['a time 301 s ahead', slackHeaders(clickOf(button('acknowledge')), epoch + 301_000), 'wrong_time'],
  [
    'no number for a time',
    { ...slackHeaders(clickOf(button('acknowledge')), epoch), 'x-slack-request-timestamp': 'now' },
    'wrong_signature'
  ]
] as const)(
  'a request with %s is refused and does nothing',
  async ([, headers, reason], { onTestFinished }) => {
    const inbound = await startInbound(onTestFinished)
    const form = { 'content-type': 'application/x-www-form-urlencoded' }
    const answer = await inbound.post(path, clickOf(button('acknowledge')), { ...form, ...headers })
    expect([answer.status, answer.text]).toEqual([401, '{"error":"unauthorized"}'])
    expect(inbound.audit()).toEqual([`refused: ${reason}`])
    expect(await inbound.store.actions('shop', 0)).toEqual([])
  }
)

test.for([-300_000, 300_000])('a time that is off by %i ms is taken', async (offMs, { onTestFinished }) => {
  const inbound = await startInbound(onTestFinished)
  const body = clickOf(button('dashboard'))
  expect((await inbound.post(path, body, slackHeaders(body, epoch + offMs))).status).toBe(200)
})

test('a request that was taken before is refused', async ({ onTestFinished }) => {
  const inbound = await startInbound(onTestFinished)
  const body = clickOf(button('acknowledge'))
  const headers = slackHeaders(body, epoch)
  const first = await inbound.post(path, body, headers)
  const again = await inbound.post(path, body, headers)
  expect([first.status, again.status]).toEqual([200, 401])
  expect(inbound.audit()).toContain('refused: seen_before')
  expect(await inbound.store.actions('shop', 0)).toHaveLength(1)
})

test('a button that only leads somewhere is answered and does nothing', async ({ onTestFinished }) => {
  const inbound = await startInbound(onTestFinished)
  const body = clickOf({ action_id: 'dashboard', action_ts: '1', type: 'button' })
  expect((await inbound.post(path, body, slackHeaders(body, epoch))).status).toBe(200)
  expect(inbound.audit()).toEqual(['ignored: another_interaction'])
})

test.for([
  'https://hooks.slack.com.evil.example/x',
  'http://hooks.slack.com/x',
  'file:///etc/passwd',
  'no url'
])('no answer goes to %s', async (responseUrl, { onTestFinished }) => {
  const inbound = await startInbound(onTestFinished)
  const body = clickOf(button('acknowledge'), { response_url: responseUrl })
  await inbound.post(path, body, slackHeaders(body, epoch))
  await inbound.get('/healthz')
  expect(inbound.logged()).toContain('names no response_url of Slack')
})

test('neither answers nor the log show the signing secret, and names from outside stay on one line', async ({
  onTestFinished
}) => {
  const inbound = await startInbound(onTestFinished)
  const user = { id: 'U1', username: 'ann\u001b[2J\nroot' }
  const body = clickOf(button('acknowledge'), { user })
  const answer = await inbound.post(path, body, slackHeaders(body, epoch))
  expect(`${answer.text}${inbound.logged()}`).not.toContain(secrets.slackSigningSecret)
  expect((await inbound.store.actions('shop', 0))[0]?.by).toBe('ann\\u001b[2J\\u000aroot')
})

test('Escalate asks for the next level, and stays as long as another is left', async ({ onTestFinished }) => {
  const slack = await startReceiver(onTestFinished)
  const inbound = await startInbound(onTestFinished, { slackOrigins: new Set([slack.url]) })
  const shown = {
    text: 'Revenue dropped',
    blocks: [{ type: 'actions', elements: [button('acknowledge'), button('escalate')] }]
  }
  const note = (text: string) => ({
    type: 'context',
    elements: [{ type: 'plain_text', text, emoji: false }]
  })
  async function click(atMs: number): Promise<unknown> {
    const body = clickOf(
      { ...button('escalate'), action_ts: String(atMs) },
      { message: shown, response_url: `${slack.url}/actions/T/1/x` }
    )
    await inbound.post(path, body, slackHeaders(body, epoch))
    return slack.next()
  }
  const escalation = escalationOf({ levels: 2 })
  const incident = incidentOf({ id: incidentId, severity: 'high', escalation })
  expect(await click(epoch)).toEqual({
    replace_original: false,
    response_type: 'ephemeral',
    text: 'Not done: no route of this incident has an escalation policy (escalate: NAME).'
  })
  await inbound.store.insertIncidents([incident])
  expect(await click(epoch + 1_000)).toMatchObject({
    replace_original: true,
    blocks: [...shown.blocks, note('Escalated to level 1 of 2 by ann at 10:00 UTC')]
  })
  const taken = [{ level: 1, at: epoch + 1_000, by: 'ann' }]
  await inbound.store.insertIncidents([{ ...incident, escalation: { ...escalation, taken } }])
  expect(await click(epoch + 2_000)).toMatchObject({
    blocks: [
      { type: 'actions', elements: [button('acknowledge')] },
      note('Escalated to level 2 of 2 by ann at 10:00 UTC')
    ]
  })
  expect(await inbound.store.actions('shop', 0)).toMatchObject([
    { action: 'escalate', via: 'slack', by: 'ann', level: 1 },
    { action: 'escalate', via: 'slack', by: 'ann', level: 2 }
  ])
})
