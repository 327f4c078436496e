import { describe, expect, test } from 'vitest'
import { emailMessage } from '../../../../src/channel/email/message.ts'
import { addressesIn, onlyLinks, runsOf } from '../../../../src/channel/message/links.ts'
import { pagerDutyEvent } from '../../../../src/channel/pagerduty/event.ts'
import { slackMessage } from '../../../../src/channel/slack/message.ts'
import { teamsMessage } from '../../../../src/channel/teams/card.ts'
import { slackFault } from '../../../../src/demo/inbox/slack-rules.ts'
import { teamsFault } from '../../../../src/demo/inbox/teams-rules.ts'
import { anomalyAt, recordOf, renderOptionsOf } from '../../../support/alerts.ts'

describe('addresses in a text', () => {
  test.each([
    ['see https://wiki.example/pay.', ['https://wiki.example/pay']],
    ['(https://a.example/x), https://b.example/y?', ['https://a.example/x', 'https://b.example/y']],
    ['https://a.example/x_(y)', ['https://a.example/x_(y)']],
    ['"http://a.example/{segment}"', ['http://a.example/{segment}']],
    ['ftp://a.example and a.example', []]
  ])('of %s end before what ends the sentence', (text, urls) => {
    const runs = addressesIn(text)
    expect(runs.flatMap(({ url }) => url ?? [])).toEqual(urls)
    expect(runs.map(run => run.text).join('')).toBe(text)
  })

  test('are links only where the configuration names them whole', () => {
    const links = ['https://wiki.example/pay']
    expect(runsOf('https://wiki.example/pay https://wiki.example/payload', links)).toEqual([
      { text: 'https://wiki.example/pay', url: 'https://wiki.example/pay' },
      { text: ' ', url: null },
      { text: 'https://wiki.example/payload', url: null }
    ])
    expect(onlyLinks('https://wiki.example/pay, not evil.example', links)).toBe(
      'https://wiki.example/pay, not evil.\u2060example'
    )
  })
})

describe('what the configuration says to check first', () => {
  const evil = 'category=https://evil.example'
  const notification = recordOf({
    segment: evil,
    anomalies: [anomalyAt(1, { segment: evil, details: 'https://evil.example' })]
  })
  const address = 'https://wiki.example/pay?s=category%3Dhttps%3A%2F%2Fevil.example'
  const look = renderOptionsOf({
    dashboardTemplate: null,
    runbooks: new Map([
      [
        'revenue_drop',
        { runbookUrl: null, checkFirst: 'See https://wiki.example/pay?s={segment}, then {segment}.' }
      ]
    ])
  })

  test('has its addresses as links in Slack, and no others', () => {
    const message = slackMessage(notification, look)
    expect(message.attachments[0]?.blocks.find(({ type }) => type === 'rich_text')).toEqual({
      type: 'rich_text',
      elements: [
        {
          type: 'rich_text_section',
          elements: [
            { type: 'text', text: 'Check first\nSee ' },
            { type: 'link', text: address, url: address },
            { type: 'text', text: ', then category=' },
            { type: 'text', text: 'https:\u2060//evil.\u2060example' },
            { type: 'text', text: '.' }
          ]
        }
      ]
    })
    expect(slackFault(JSON.parse(JSON.stringify(message)))).toBeNull()
  })

  test('has them in Teams', () => {
    const card = teamsMessage(notification, look)
    expect(JSON.stringify(card)).toContain(
      JSON.stringify({
        type: 'TextRun',
        text: address,
        selectAction: { type: 'Action.OpenUrl', title: address, url: address }
      })
    )
    expect(teamsFault(JSON.parse(JSON.stringify(card)), 1_000)).toBeNull()
  })

  test('has them in a mail, as HTML and as text', () => {
    const { text, html } = emailMessage(notification, look)
    expect(html).toContain(`See <a href="${address}">${address}</a>, then category=https:\u2060//evil`)
    expect(html.match(/<a /g)).toHaveLength(1)
    expect(text).toContain(`Check first:\nSee ${address}, then category=https:\u2060//evil`)
  })

  test('has them among the links of PagerDuty', () => {
    expect(pagerDutyEvent(notification, look)?.['links']).toEqual([{ href: address, text: 'Check first' }])
  })
})
