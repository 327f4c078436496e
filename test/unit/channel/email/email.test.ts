import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createChannels } from '../../../../src/channel/create.ts'
import type { Channel, SendResult } from '../../../../src/delivery/channel.ts'
import type { EmailSettings } from '../../../../src/routing/receiver.ts'
import { anomalyAt, recordOf, renderOptionsOf } from '../../../support/alerts.ts'
import { emailTo, factsOf } from '../../../support/channels.ts'
import { type Mailbox, openMailbox, type Refusal } from '../../../support/mailbox.ts'

let mailbox: Mailbox
beforeEach(async () => {
  mailbox = await openMailbox()
})
afterEach(async () => {
  await mailbox.close()
})

function channelTo(port: number, overrides: Partial<EmailSettings> = {}, timeoutMs = 5_000): Channel {
  const renderOptions = renderOptionsOf({ dashboardTemplate: 'https://shop.example/{kind}?a=1&b=2' })
  const receivers = new Map([['mail', emailTo(port, overrides)]])
  const { byName } = createChannels({ receivers, renderOptions, timeoutMs, clock: { now: () => 0 } })
  return byName.get('mail') as Channel
}
const header = (name: string, at = -1) => mailbox.mails.at(at)?.headers.get(name)

describe('a mail', () => {
  test('says the same in plain text and in HTML', async () => {
    const notification = recordOf({ incident: factsOf(), anomalies: [anomalyAt(1, { details: 'a < b' })] })
    expect(await channelTo(mailbox.port).send(notification, null)).toMatchObject({
      kind: 'sent',
      messageRef: '<11111111-1111-5111-8111-111111111111@shop.example>'
    })
    const [mail] = mailbox.mails
    expect(mail).toMatchObject({ from: 'cartwatch@shop.example', to: ['on-call@shop.example'] })
    expect(mail?.text).toBe(
      [
        'HIGH: Revenue drop',
        '',
        'Severity: 🟠 high: respond within 15 minutes',
        'Time: 21 Nov 2026, 10:00–10:01 UTC',
        'Current: $245.00 (revenue)',
        'Expected: ~$1,850.00',
        '',
        'a < b',
        '',
        'Check first:',
        'Buy something yourself. Then look at the status of the payment providers, at what was deployed last, and at the segments named here.',
        '',
        'View Dashboard: https://shop.example/revenue_drop?a=1&b=2',
        '',
        '-- ',
        'cartwatch · shop · incident 22222222-2222-5222-8222-222222222222',
        ''
      ].join('\n')
    )
    expect(mail?.html).toContain('<th align="left">Current</th><td>$245.00 (revenue)</td>')
    expect(mail?.html).toContain('<p>a &lt; b</p>')
    expect(mail?.html).toContain('<a href="https://shop.example/revenue_drop?a=1&amp;b=2">View Dashboard</a>')
    expect(header('importance')).toBe('High')
    expect(header('x-cartwatch-severity')).toBe('high')
    expect(header('auto-submitted')).toBe('auto-generated')
  })

  test('makes one conversation of an incident: one subject with its severity and figures, and answers to the first mail', async () => {
    const channel = channelTo(mailbox.port)
    const incident = factsOf()
    const opened = await channel.send(recordOf({ incident }), null)
    const messageRef = opened.kind === 'sent' ? (opened.messageRef ?? null) : null
    const id = '33333333-3333-5333-8333-333333333333'
    const over = recordOf({ id, action: 'resolve', reason: { type: 'recovered' }, incident })
    expect(await channel.send(over, messageRef)).toMatchObject({ kind: 'sent', messageRef })
    const subjects = mailbox.mails.map(({ headers }) => headers.get('subject'))
    expect(subjects).toEqual(
      Array(2).fill('HIGH: Revenue drop: $245.00 instead of $1,850.00 (shop, since 21 Nov 2026, 10:01 UTC)')
    )
    const root = '<incident.22222222-2222-5222-8222-222222222222@shop.example>'
    expect([header('references', 0), header('in-reply-to', 0)]).toEqual([root, undefined])
    expect([header('references'), header('in-reply-to')]).toEqual([`${root} ${messageRef}`, messageRef])
    expect(header('message-id')).toBe(`<${id}@shop.example>`)
  })

  test('no text from events reaches the headers as a line of its own, nor the HTML as markup', async () => {
    const kind = 'x\r\nBcc: all@shop.example'
    const details = '<img src=x onerror="alert(1)"> https://evil.example'
    await channelTo(mailbox.port).send(recordOf({ kind, anomalies: [anomalyAt(1, { details })] }), null)
    const [mail] = mailbox.mails
    expect(mail?.to).toEqual(['on-call@shop.example'])
    expect(mail?.headers.has('bcc')).toBe(false)
    expect(mail?.html).toContain(
      '&lt;img src=x onerror=&quot;alert(1)&quot;&gt; https:\u2060//evil.\u2060example'
    )
  })
})

describe('what a mail server says', () => {
  const resultOf = ({ kind, answer }: SendResult) => `${kind}: ${answer}`

  test.each<[Refusal, string]>([
    [{ at: 'recipient', code: 550, text: 'no such user' }, 'refused: 550 no such user'],
    [{ at: 'recipient', code: 450, text: 'try again later' }, 'retry: 450 try again later'],
    [{ at: 'content', code: 554, text: 'spam' }, 'refused: 554 spam'],
    [{ at: 'content', code: 451, text: 'greylisted' }, 'retry: 451 greylisted'],
    [{ at: 'connect', code: 421, text: 'too many connections' }, 'retry: 421 too many connections']
  ])('%j is taken for what it is', async (refusal, expected) => {
    mailbox.refuse(refusal)
    expect(resultOf(await channelTo(mailbox.port).send(recordOf(), null))).toBe(expected)
  })

  test('a wrong password is refused, and shown nowhere', async () => {
    const channel = channelTo(mailbox.port, { user: 'cartwatch', password: 'planted-secret' })
    const result = await channel.send(recordOf(), null)
    expect(resultOf(result)).toBe('refused: 535 authentication failed')
    mailbox.refuse({ at: 'login', code: 535, text: 'planted-secret is wrong' })
    expect(resultOf(await channel.send(recordOf(), null))).toBe('refused: 535 *** is wrong')
  })

  test('the right one is taken', async () => {
    const channel = channelTo(mailbox.port, { user: 'cartwatch', password: 'correct' })
    expect(await channel.send(recordOf(), null)).toMatchObject({ kind: 'sent' })
  })

  test('nothing goes in the clear where it is to be encrypted', async () => {
    const channel = channelTo(mailbox.port, { tls: 'starttls', user: 'cartwatch', password: 'correct' })
    expect(await channel.send(recordOf(), null)).toMatchObject({
      kind: expect.stringMatching(/refused|retry/)
    })
    expect(mailbox.mails).toEqual([])
  })

  test('no answer in time, and no server, are tried again', async () => {
    mailbox.hang()
    expect(resultOf(await channelTo(mailbox.port, {}, 200).send(recordOf(), null))).toBe(
      'retry: no answer within 200 ms'
    )
    expect(await channelTo(9).send(recordOf(), null)).toMatchObject({ kind: 'retry' })
  })
})

describe('of several recipients', () => {
  const to = ['ann@shop.example', 'ben@shop.example', 'cy@shop.example']
  const passing = { at: 'recipient', code: 450, text: 'mailbox busy', of: 'ben@shop.example' } as const
  const final = { at: 'recipient', code: 550, text: 'no such user', of: 'cy@shop.example' } as const
  const received = () => mailbox.mails.map(mail => mail.to)

  test('only the one that is refused for now is tried again', async () => {
    const channel = channelTo(mailbox.port, { to })
    mailbox.refuse(passing)
    expect(await channel.send(recordOf(), null)).toEqual({
      kind: 'retry',
      status: 450,
      answer: '250 OK: message queued; tried again for ben@shop.example: 450 mailbox busy',
      isOfPart: true
    })
    expect(await channel.send(recordOf(), null)).toEqual({
      kind: 'retry',
      status: 450,
      answer: 'tried again for ben@shop.example: 450 mailbox busy',
      isOfPart: true
    })
    mailbox.refuse()
    expect(await channel.send(recordOf(), null)).toMatchObject({
      kind: 'sent',
      answer: '250 OK: message queued'
    })
    expect(received()).toEqual([['ann@shop.example', 'cy@shop.example'], ['ben@shop.example']])
    expect(header('to')).toBe('ann@shop.example, ben@shop.example, cy@shop.example')
  })

  test('the one that is refused for good is named, once the others have it', async () => {
    const channel = channelTo(mailbox.port, { to })
    mailbox.refuse(passing, final)
    expect(await channel.send(recordOf(), null)).toMatchObject({ kind: 'retry' })
    mailbox.refuse(final)
    expect(await channel.send(recordOf(), null)).toMatchObject({
      kind: 'sent',
      answer: '250 OK: message queued; refused for cy@shop.example: 550 no such user',
      isPartlyRefused: true
    })
    expect(received()).toEqual([['ann@shop.example'], ['ben@shop.example']])
  })

  test('nobody who is refused for good makes the mail refused', async () => {
    mailbox.refuse({ ...final, of: 'ann@shop.example' }, { ...final, of: 'ben@shop.example' }, final)
    expect(await channelTo(mailbox.port, { to }).send(recordOf(), null)).toEqual({
      kind: 'refused',
      status: 550,
      answer:
        'refused for ann@shop.example: 550 no such user; ben@shop.example: 550 no such user; cy@shop.example: 550 no such user'
    })
  })

  test('a mail that is refused as a whole later is still sent to those who have it', async () => {
    const channel = channelTo(mailbox.port, { to })
    mailbox.refuse(passing)
    await channel.send(recordOf(), null)
    mailbox.refuse({ at: 'content', code: 554, text: 'spam' })
    expect(await channel.send(recordOf(), null)).toMatchObject({
      kind: 'sent',
      answer: 'refused for ben@shop.example: 554 spam',
      isPartlyRefused: true
    })
  })

  test('each mail has its own', async () => {
    const channel = channelTo(mailbox.port, { to })
    mailbox.refuse(passing)
    await channel.send(recordOf(), null)
    mailbox.refuse()
    await channel.send(recordOf({ id: '44444444-4444-5444-8444-444444444444' }), null)
    expect(received().at(-1)).toEqual(to)
  })
})
