import { afterEach, describe, expect, test } from 'vitest'
import { type Inbox, type InboxMessage, openInbox } from '../../../../src/demo/inbox/inbox.ts'
import type { Rate } from '../../../../src/routing/receiver.ts'

let inbox: Inbox | undefined
afterEach(async () => {
  await inbox?.close()
})

async function open(rate: Rate | null = null, onMessage?: (message: InboxMessage) => void) {
  const time = { now: 0 }
  inbox = await openInbox({ clock: { now: () => time.now }, rate, ...(onMessage && { onMessage }) })
  const { slackUrl, pagerdutyUrl, pagerdutyKey } = inbox
  const post = async (url: string, body: unknown) => {
    const text = typeof body === 'string' ? body : JSON.stringify(body)
    const response = await fetch(url, { method: 'POST', body: text })
    return {
      status: response.status,
      text: await response.text(),
      retryAfter: response.headers.get('retry-after')
    }
  }
  const slack = async (body: unknown) => {
    const { status, text } = await post(slackUrl('alerts'), body)
    return `${status} ${text}`
  }
  const page = async (event: object) =>
    (await post(pagerdutyUrl, { routing_key: pagerdutyKey, ...event })).status
  return { inbox, time, post, slack, page }
}

const plain = (length: number) => ({ type: 'plain_text', text: 'x'.repeat(length) })
const blocks = (...list: unknown[]) => ({ text: 'x', blocks: list })
const button = (more: object = {}) => ({ type: 'button', text: plain(75), ...more })

describe('a Slack webhook', () => {
  test.each<[string, unknown, string]>([
    ['takes a text', { text: 'x' }, '200 ok'],
    ['refuses what is no JSON', '{', '400 invalid_payload'],
    ['refuses a list', [], '400 invalid_payload'],
    ['refuses a message without fallback text', { blocks: [{ type: 'divider' }] }, '400 no_text'],
    ['refuses a text over 4,000', { text: 'x'.repeat(4_001) }, '400 msg_too_long'],
    ['takes 50 blocks', blocks(...Array(50).fill({ type: 'divider' })), '200 ok'],
    ['refuses 51 blocks', blocks(...Array(51).fill({ type: 'divider' })), '400 invalid_blocks'],
    [
      'counts blocks of an attachment',
      { text: 'x', attachments: [{ blocks: Array(51).fill({ type: 'divider' }) }] },
      '400 invalid_blocks'
    ],
    [
      'refuses a colour that is none',
      { text: 'x', attachments: [{ color: 'reddish' }] },
      '400 invalid_blocks'
    ],
    ['takes a header of 150', blocks({ type: 'header', text: plain(150) }), '200 ok'],
    ['refuses a header of 151', blocks({ type: 'header', text: plain(151) }), '400 invalid_blocks'],
    [
      'refuses a header of markup',
      blocks({ type: 'header', text: { type: 'mrkdwn', text: 'x' } }),
      '400 invalid_blocks'
    ],
    ['refuses an empty section text', blocks({ type: 'section', text: plain(0) }), '400 invalid_blocks'],
    [
      'refuses a section text of 3,001',
      blocks({ type: 'section', text: plain(3_001) }),
      '400 invalid_blocks'
    ],
    ['refuses a section of nothing', blocks({ type: 'section' }), '400 invalid_blocks'],
    [
      'refuses 11 fields',
      blocks({ type: 'section', fields: Array(11).fill(plain(1)) }),
      '400 invalid_blocks'
    ],
    ['refuses a field of 2,001', blocks({ type: 'section', fields: [plain(2_001)] }), '400 invalid_blocks'],
    [
      'takes 25 buttons',
      blocks({ type: 'actions', elements: Array(25).fill(button({ url: 'https://a.b/c' })) }),
      '200 ok'
    ],
    [
      'refuses 26 buttons',
      blocks({ type: 'actions', elements: Array(26).fill(button()) }),
      '400 invalid_blocks'
    ],
    [
      'refuses a button text of 76',
      blocks({ type: 'actions', elements: [button({ text: plain(76) })] }),
      '400 invalid_blocks'
    ],
    [
      'refuses a button value of 2,001',
      blocks({ type: 'actions', elements: [button({ value: 'x'.repeat(2_001) })] }),
      '400 invalid_blocks'
    ],
    [
      'refuses a url of 3,001',
      blocks({ type: 'actions', elements: [button({ url: `https://a.b/${'x'.repeat(2_989)}` })] }),
      '400 invalid_blocks'
    ],
    [
      'refuses an action_id of 256',
      blocks({ type: 'actions', elements: [button({ action_id: 'x'.repeat(256) })] }),
      '400 invalid_blocks'
    ],
    [
      'refuses 11 context elements',
      blocks({ type: 'context', elements: Array(11).fill(plain(1)) }),
      '400 invalid_blocks'
    ],
    [
      'refuses a block_id of 256',
      blocks({ type: 'divider', block_id: 'x'.repeat(256) }),
      '400 invalid_blocks'
    ],
    [
      'refuses a block_id twice',
      blocks({ type: 'divider', block_id: 'a' }, { type: 'divider', block_id: 'a' }),
      '400 invalid_blocks'
    ],
    [
      'refuses a confirm title of 101',
      blocks({
        type: 'actions',
        elements: [
          button({ confirm: { title: plain(101), text: plain(1), confirm: plain(1), deny: plain(1) } })
        ]
      }),
      '400 invalid_blocks'
    ],
    ['refuses a block it does not know', blocks({ type: 'chart' }), '400 invalid_blocks'],
    [
      'refuses over 11,000 characters in all',
      blocks(...Array(4).fill({ type: 'section', text: plain(2_900) })),
      '400 msg_blocks_too_long'
    ]
  ])('%s', async (_, body, expected) => {
    expect(await (await open()).slack(body)).toBe(expected)
  })

  test('answers 404 where there is no such webhook', async () => {
    const { inbox, post } = await open()
    expect(await post(`${inbox.slackUrl('alerts')}x`, { text: 'x' })).toMatchObject({
      status: 404,
      text: 'no_service'
    })
  })

  test('takes its burst, then says when to come again', async () => {
    const { inbox, time, post } = await open({ perSecond: 1, burst: 2 })
    const send = async () => post(inbox.slackUrl('alerts'), { text: 'x' })
    expect((await send()).status).toBe(200)
    expect((await send()).status).toBe(200)
    expect(await send()).toEqual({ status: 429, text: 'rate_limited', retryAfter: '1' })
    expect((await post(inbox.slackUrl('other'), { text: 'x' })).status).toBe(200)
    time.now += 1_000
    expect((await send()).status).toBe(200)
  })
})

describe("PagerDuty's Events API", () => {
  const payload = { summary: 's', source: 'here', severity: 'critical' }
  const trigger = { event_action: 'trigger', dedup_key: 'k', payload }

  test.each<[string, object, number]>([
    ['takes a trigger', trigger, 202],
    ['takes one without a key', { event_action: 'trigger', payload }, 202],
    ['refuses another routing key', { ...trigger, routing_key: 'a'.repeat(32) }, 400],
    ['refuses a short routing key', { ...trigger, routing_key: 'a' }, 400],
    ['refuses another action', { ...trigger, event_action: 'open' }, 400],
    ['refuses a dedup_key of 256', { ...trigger, dedup_key: 'x'.repeat(256) }, 400],
    ['takes a summary of 1,024', { ...trigger, payload: { ...payload, summary: 'x'.repeat(1_024) } }, 202],
    ['refuses a summary of 1,025', { ...trigger, payload: { ...payload, summary: 'x'.repeat(1_025) } }, 400],
    ['refuses a blank source', { ...trigger, payload: { ...payload, source: ' ' } }, 400],
    ['refuses a severity in capitals', { ...trigger, payload: { ...payload, severity: 'Critical' } }, 400],
    ['refuses links inside the payload', { ...trigger, payload: { ...payload, links: [] } }, 400],
    ['takes links beside it', { ...trigger, links: [{ href: 'https://a.b', text: 't' }] }, 202],
    ['refuses a trigger without payload', { event_action: 'trigger' }, 400],
    ['refuses a resolve without key', { event_action: 'resolve' }, 400],
    ['refuses over 512 KB', { ...trigger, payload: { ...payload, custom_details: 'x'.repeat(524_288) } }, 413]
  ])('%s', async (_, event, status) => {
    expect(await (await open()).page(event)).toBe(status)
  })

  test('opens once, drops what is not open, and opens again after a resolve', async () => {
    const { inbox, page } = await open()
    await page({ event_action: 'resolve', dedup_key: 'k' })
    await page(trigger)
    await page(trigger)
    await page({ event_action: 'resolve', dedup_key: 'k' })
    await page(trigger)
    expect(inbox.messages.map(({ effect }) => effect)).toEqual([
      'dropped',
      'opened',
      'deduplicated',
      'resolved',
      'opened'
    ])
    expect(inbox.pages()).toEqual([{ dedupKey: 'k', status: 'open', opened: 2 }])
  })
})

test('every message is kept and reported, refused ones too', async () => {
  const reported: string[] = []
  const { inbox, slack } = await open(null, ({ to, status, accepted }) =>
    reported.push(`${to} ${status} ${accepted}`)
  )
  await slack({ text: 'x' })
  await slack({})
  expect(reported).toEqual(['alerts 200 true', 'alerts 400 false'])
  expect(inbox.messages.map(({ answer }) => answer)).toEqual(['ok', 'no_text'])
})

describe('files of a Slack bot', () => {
  test('come in three steps, and are refused where one of them is wrong', async () => {
    const { inbox } = await open()
    const call = async (method: string, fields: Record<string, string>) => {
      const headers = { authorization: `Bearer ${inbox.slackBotToken}` }
      const body = new URLSearchParams(fields)
      const answer = await fetch(`${inbox.slackApiUrl}/${method}`, { method: 'POST', headers, body })
      return (await answer.json()) as Record<string, string>
    }
    const begin = 'files.getUploadURLExternal'
    expect(await call(begin, { filename: 'a.png' })).toEqual({ ok: false, error: 'invalid_arguments' })
    const { upload_url: url = '', file_id: id } = await call(begin, { filename: 'a.png', length: '3' })
    const end = (more: Record<string, string>) =>
      call('files.completeUploadExternal', { files: JSON.stringify([{ id }]), ...more })
    expect(await end({ channel_id: 'C0LOCAL0' })).toEqual({ ok: false, error: 'file_not_found' })
    expect((await fetch(url, { method: 'POST', body: 'four' })).status).toBe(400)
    expect((await fetch(url, { method: 'POST', body: 'png' })).status).toBe(200)
    expect(await end({ channel_id: '#alerts' })).toEqual({ ok: false, error: 'channel_not_found' })
    expect(await end({ channel_id: 'C0LOCAL0', thread_ts: '1' })).toEqual({
      ok: false,
      error: 'thread_not_found'
    })
    expect(await end({ channel_id: 'C0LOCAL0' })).toMatchObject({ ok: true })
    expect(await end({ channel_id: 'C0LOCAL0' })).toEqual({ ok: false, error: 'file_not_found' })
    expect(inbox.files().map(({ bytes }) => bytes.toString())).toEqual(['png'])
    expect(inbox.messages).toEqual([])
  })
})
