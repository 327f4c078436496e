import { describe, expect, test } from 'vitest'
import { templateExample } from '../../../../src/channel/template/examples.ts'
import { createTemplates } from '../../../../src/channel/template/templates.ts'
import { renderOptionsOf } from '../../../support/alerts.ts'
import { countedLimits, renderedAs, textOf } from '../../../support/templates.ts'

const made = (...given: Parameters<typeof renderedAs>) => {
  const outcome = renderedAs(...given)
  if (outcome.kind === 'failed') throw new Error(outcome.problem.message)
  return outcome.content
}
/** What a template shows in Slack. */
function slackText(text: string, given: Parameters<typeof renderedAs>[2] = {}): string {
  const { blocks } = made('slack', text, given) as { blocks: readonly { text?: { text: string } }[] }
  return blocks.map(block => block.text?.text ?? '').join('\n---\n')
}
const hostile = { content: 'hostile' } as const

describe('a value in Slack', () => {
  test.each([
    '{{ details }}',
    '{{ details | upper }}',
    '{{ details | append: "" }}',
    '{% capture x %}{{ details }}{% endcapture %}{{ x }}',
    '{% capture x %}{{ details }}{% endcapture %}{{ x | raw }}',
    '{% capture x %}a{{ details }}{% endcapture %}{{ x | slice: 2, 400 }}',
    '{% echo details %}',
    '{% liquid echo details %}',
    '{% render "part", value: details %}',
    '{% for part in where %}{{ part.segment }}{% endfor %}',
    '{{ links.dashboard | slack_link: details }}',
    '{{ details | slack_link: "x" }}{{ labels.team }}',
    '{{ notes | join: details }}{{ cause.text }}'
  ])('%s mentions, links and marks nothing', template => {
    const files = { 'part.liquid': '{{ value }}' }
    const shown = slackText(`x${template}`, { ...hostile, files, labels: { team: '<!here> <@U1>' } })
    expect(shown).not.toMatch(/<[!@#]|<https?:\/\/evil/i)
    expect(shown).not.toMatch(/:\/\/evil\.example/i)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what must not be there
    expect(shown).not.toMatch(/[\u202e\u001b]/)
  })

  test('is what it says where its author marks it', () => {
    expect(slackText('{{ details | raw }}', hostile)).toContain('<!channel>')
    expect(slackText('*{{ "<b>" | raw }}*')).toBe('*<b>*')
  })

  test('does not change what stands around it', () => {
    expect(slackText('<!here> *{{ kind }}* & <https://shop.example|shop>')).toBe(
      '<!here> *revenue_drop* & <https://shop.example|shop>'
    )
  })

  test('is compared and counted as it is', () => {
    expect(
      slackText('{% capture x %}{{ kind }}{% endcapture %}{% if x == "revenue_drop" %}same{% endif %}')
    ).toBe('same')
    expect(slackText('{{ "a.b" | size }}')).toBe('3')
  })

  test('is a link where it is an address that cartwatch knows', () => {
    expect(slackText('{{ links.dashboard }}')).toBe('<https://dash.example/revenue_drop>')
    expect(slackText('{{ links.dashboard | slack_link: "a|b>" }}')).toBe(
      '<https://dash.example/revenue_drop|a¦b&gt;>'
    )
    expect(slackText('{{ links.runbook | slack_link: "Runbook" }}')).toBe('Runbook')
  })
})

test('a link that a service sent shows no other address, and is none of another scheme', () => {
  const outcome = (url: string) => {
    const templates = createTemplates({
      files: new Map([['it.liquid', '{{ alert.links.first.url }}']]),
      ...{
        assigned: new Map(),
        labelsOf: () => ({}),
        renderOptions: renderOptionsOf(),
        limits: countedLimits
      }
    })
    const example = templateExample({
      kind: 'drift',
      action: 'trigger',
      severity: 'high',
      content: 'ordinary'
    })
    const anomalies = example.anomalies.map(one => ({
      ...one,
      evidence: { ...one.evidence, 'link.Logs': url }
    }))
    return JSON.stringify(
      templates.render('slack', { file: 'it.liquid', notification: { ...example, anomalies } })
    )
  }
  expect(outcome('https://a.example/|https://bank.example')).toContain(
    '<https://a.example/%7Chttps://bank.example>'
  )
  expect(outcome('https://a.example/<!here>')).toContain('<https://a.example/&lt;!here&gt;>')
  expect(outcome('javascript:alert(1)')).not.toContain('<javascript')
})

test('a text is cut to so many characters as Slack counts them', () => {
  for (const max of [1, 2, 5, 17, 150]) {
    const shown = slackText(`{{ "a<b&c.d https://x.example ${'<&>'.repeat(90)}" | truncate_slack: ${max} }}`)
    expect(shown.length).toBeLessThanOrEqual(max)
    expect(shown.length).toBeGreaterThan(Math.max(0, max - 7))
  }
  expect(slackText('{{ "a<b" | truncate_slack: 6 }}')).toBe('a&lt;b')
  expect(slackText('{{ "a<b" | truncate_slack: 5 }}')).toBe('a…')
})

describe('a text for Slack', () => {
  test('keeps its colour, its buttons and whom an escalation mentions', () => {
    const message = made('slack', 'x', { action: 'escalation', look: { interactive: true } })
    expect(message).toMatchObject({
      blocks: [{ text: { text: '<!here>' } }, { text: { text: 'x', verbatim: true } }],
      attachments: [{ color: '#ff9800', blocks: [{ type: 'actions' }] }]
    })
  })

  test('is cut where it is too long, between lines and not within markup', () => {
    const shown = slackText('{% for i in (1..900) %}{{ i }} <https://a.example/|x>\n{% endfor %}')
    expect(shown.length).toBeLessThan(4_700)
    expect(shown.split('\n---\n').length).toBe(2)
    expect(shown).toMatch(/…$/)
    expect(shown.match(/</g)?.length).toBe(shown.match(/>/g)?.length)
  })

  test('that is empty is no message', () => {
    expect(renderedAs('slack', '{% if cause %} {% endif %}')).toMatchObject({
      kind: 'failed',
      problem: { file: 'it.liquid', message: 'gives no text' }
    })
  })
})

describe('a layout for Slack', () => {
  const layout = (text: string, given: Parameters<typeof renderedAs>[2] = {}) =>
    renderedAs('slack', text, { name: 'it.json.liquid', ...given })

  test('is taken as it is written, spare commas and rows without buttons left out', () => {
    const text = `[ ,
      {"type":"section","text":{"type":"mrkdwn","text":"*{{ details }}*"}},,
      {"type":"actions","elements":[{{ "Ack" | slack_button: "acknowledge" }},]},
      {"type":"actions","elements":[{{ "Runbook" | slack_button: links.runbook }}]},
    ]`
    const outcome = layout(text, { ...hostile, look: { interactive: true } })
    expect(outcome).toMatchObject({
      content: {
        blocks: [
          {
            type: 'section',
            text: { verbatim: true, text: expect.stringMatching(/^\*&lt;!channel&gt; "a"/) }
          },
          { type: 'actions', elements: [{ action_id: 'acknowledge', text: { text: 'Ack' } }] }
        ],
        attachments: []
      }
    })
  })

  test('shows a plain text as it is, and a value with | json in its quotes', () => {
    const text = '[{"type":"header","text":{"type":"plain_text","text":{{ details | json }}}}]'
    expect(layout(text, hostile)).toMatchObject({
      content: {
        blocks: [{ text: { text: '<!channel> "a" & \\u202e\\u001b[31m {x} https://evil.example \\ud83d' } }]
      }
    })
  })

  test('a value cannot end its quotes', () => {
    const text = '[{"type":"context","elements":[{"type":"mrkdwn","text":"{{ labels.x }}"}]}]'
    const labels = { x: '"}]},{"type":"divider"},{"a":[{"b":"' }
    expect(layout(text, { labels })).toMatchObject({
      content: { blocks: [{ elements: [{ text: expect.stringContaining('divider') }] }] }
    })
    const unquoted = text.replace('"{{ labels.x }}"', '{{ labels.x }}')
    expect(layout(unquoted, { labels })).toMatchObject({ kind: 'failed' })
  })

  test('may have a text for phones and passages with a colour', () => {
    const text =
      '{"text":"{{ title }} <!here>","blocks":[{"type":"divider"}],"attachments":[{"color":"{{ color }}","blocks":[{"type":"divider"}]}]}'
    expect(layout(text)).toMatchObject({
      content: {
        text: 'HIGH: Payment or checkout fails · country=DE <!here>',
        blocks: [{ type: 'divider' }],
        attachments: [{ color: '#ff9800', blocks: [{ type: 'divider' }] }]
      }
    })
  })

  test.each([
    [
      '[{"type":"header","text":{"type":"plain_text","text":"{{ details }}"}}]',
      /blocks\[0\]\.text\.text: expected at most 150 characters: shorten it with \| truncate_slack: 150/
    ],
    ['[{"type":"headr"}]', /blocks\[0\]\.type: expected .*header.*section/],
    ['[{"type":"divider","colour":"red"}]', /blocks\[0\]\.colour is not known/],
    ['[{"type":"section","text":{"type":"mrkdwn","text":""}}]', /expected some text/],
    ['[]', /gives no text/],
    ['{"blocks":[', /gives no JSON/],
    ['[{"type":"image","image_url":"javascript:alert(1)","alt_text":"x"}]', /expected an address/]
  ])('that Slack would refuse is a problem: %s', (text, message) => {
    expect(layout(text, { content: 'long' })).toMatchObject({
      kind: 'failed',
      problem: { file: 'it.json.liquid', message: expect.stringMatching(message) }
    })
  })
})

describe('other receivers', () => {
  test('a mail has its subject in the first line, else the usual one', () => {
    expect(made('email', 'Subject: {{ kind }} <x>\n\nHello {{ details }}', hostile)).toMatchObject({
      subject: 'revenue_drop <x>',
      text: expect.stringMatching(/^Hello <!channel> .*https:\u2060\/\/evil/),
      html: expect.stringContaining('&lt;!channel&gt;')
    })
    expect(made('email', 'Hello')).toMatchObject({ subject: expect.stringMatching(/^HIGH: Payment/) })
  })

  test('a mail in HTML has escaped values, and the usual text beside it', () => {
    const html = '<p title="{{ details }}">{{ details }}</p><a href="{{ links.dashboard }}">x</a>'
    const content = made('email', html, { ...hostile, name: 'it.html.liquid' })
    expect(content).toMatchObject({
      html: expect.stringMatching(
        /^<p title="&lt;!channel&gt; &quot;a&quot;.*href="https:\/\/dash\.example\/revenue_drop"/
      ),
      text: expect.stringContaining('Check first')
    })
  })

  test('a webhook gets any JSON', () => {
    const text =
      '{"what":{{ details | json }},"n":{{ value }},"labels":{{ labels | json }},"none":{{ report | json }}}'
    expect(
      made('webhook', text, { ...hostile, action: 'resolve', labels: { a: '"<x>' }, content: 'ordinary' })
    ).toEqual({
      what: 'Revenue dropped by 87% from baseline ($1,850 → $245).',
      n: 245,
      labels: { a: '"<x>' },
      none: null
    })
    expect(renderedAs('webhook', '"x"')).toMatchObject({ problem: { message: 'gives no map and no list' } })
  })

  test('PagerDuty gets a summary and a detail, and nothing changes where a page ends', () => {
    expect(made('pagerduty', '{{ kind }}: {{ severity }}\nfirst\nsecond')).toMatchObject({
      payload: {
        summary: 'revenue_drop: high',
        custom_details: { message: 'first\nsecond', metric: 'revenue' }
      }
    })
    expect(made('pagerduty', 'x', { action: 'resolve' })).toMatchObject({ event_action: 'resolve' })
  })

  test('Teams gets a passage for each line, in which no value links', () => {
    const card = JSON.stringify(made('teams', '{{ title }}\n{{ details }}\n{{ links.dashboard }}', hostile))
    expect(card).not.toContain('://evil')
    expect(card).toContain('"selectAction":{"type":"Action.OpenUrl"')
  })

  test('a text for Teams that is too long for a card is cut', () => {
    const card = made('teams', '{% for i in (1..900) %}é\n{% endfor %}')
    expect(Buffer.byteLength(JSON.stringify(card))).toBeLessThan(28_000)
    expect(JSON.stringify(card)).toContain('…')
  })

  test('a filter for Slack is none for others', () => {
    expect(textOf('{{ opened_at | slack_timestamp }}')).toMatch(/^it\.liquid:1:1: is for Slack/)
  })
})

describe('a language', () => {
  test('is that of the values, the filters and the texts of the catalogue', () => {
    const template =
      '{{ "fact.severity" | t }} {{ loss | money }} {{ duration | duration_human }} {{ change | percent: 1 }} {{ opened_at | date: "%A" }} {{ kind_title }}'
    expect(
      textOf(template, { look: { language: 'fr', currency: 'EUR' } }).replace(/[\u202f\u00a0]/g, ' ')
    ).toBe('Gravité 16 050,00 € 4 h 10 min -86,8 % samedi Chute du chiffre d’affaires')
  })

  test('a key of the catalogue may be put together, and its placeholders filled in', () => {
    const look = { language: 'fr' } as const
    expect(textOf('{{ "severity." | append: severity | t | upper }}', { look })).toBe('ÉLEVÉE')
    expect(textOf('{{ "title.resolved" | t: subject: details }}', { look, ...hostile })).toMatch(
      /^Résolu[e]?\s: <!channel>/
    )
  })

  test('a text that no catalogue has is an error', () => {
    expect(textOf('{{ "fact.severty" | t }}')).toMatch(/^it\.liquid:1:1: knows no text fact\.severty/)
  })
})
