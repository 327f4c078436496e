import { describe, expect, test } from 'vitest'
import { templateProblems } from '../../../../src/channel/template/check.ts'
import { renderOptionsOf } from '../../../support/alerts.ts'

type Receivers = Parameters<typeof templateProblems>[0]

function problems(
  files: Readonly<Record<string, string>>,
  assigned: Readonly<Record<string, string>> = { default: 'it.liquid' },
  type: 'slack' | 'email' | 'webhook' = 'slack',
  everyContent = false
) {
  const receivers: Receivers = new Map([['team', { type }]])
  return templateProblems(receivers, {
    files: new Map(Object.entries(files)),
    assigned: new Map([['team', new Map(Object.entries(assigned))]]),
    labelsOf: () => ({}),
    renderOptions: renderOptionsOf({ interactive: true }),
    everyContent
  }).map(({ file, line, column, message }) => `${file}:${line}:${column}: ${message}`)
}

describe('the check of templates', () => {
  test('finds nothing where all can be sent', () => {
    expect(
      problems({
        'it.liquid':
          '*{{ title }}* {{ details }} {% if opened_at %}{{ opened_at | slack_timestamp }}{% endif %}'
      })
    ).toEqual([])
  })

  test('tries the longest texts of every kind where a check asks for it, else of one', () => {
    const text = '{% if kind == "data_loss" %}{{ details }}{% else %}x{% endif %}'
    const layout = `[{ "type": "header", "text": { "type": "plain_text", "text": "${text}" } }]`
    const files = { 'it.json.liquid': layout }
    const assigned = { default: 'it.json.liquid' }
    expect(problems(files, assigned)).toEqual([])
    expect(problems(files, assigned, 'slack', true)).toEqual([expect.stringMatching(/data_loss, trigger/)])
  })

  test('finds a name that is wrong where no message leads to, in partials too', () => {
    const files = {
      'it.liquid': 'x{% if kind == "never" %}{{ titel }}{% render "part", own: 1 %}{% endif %}',
      'part.liquid': '{{ own }} {{ cause.titel }}'
    }
    expect(problems(files)).toEqual([
      'it.liquid:1:29: there is no variable titel',
      'part.liquid:1:14: there is no variable cause.titel'
    ])
  })

  test('takes names of labels, lists and what a template sets itself', () => {
    const template =
      '{% assign own = where.first %}x{% if false %}{{ own.x }}{{ labels.any }}{{ evidence.z }}{{ where[0].segment }}{{ title.size }}{{ alert.details.a }}{{ alert.model_id }}{{ report.title }}{{ escalation.by }}{% endif %}'
    expect(problems({ 'it.liquid': template })).toEqual([])
  })

  test.each([
    ['a kind', 'x{% if kind == "drift" %}{{ value | amount: "no" }}{% endif %}', '(drift, trigger)'],
    [
      'an end',
      'x{% if action == "resolve" %}{{ value | amount: "no" }}{% endif %}',
      '(revenue_drop, recovered)'
    ],
    ['a reminder', 'x{% if is_reminder %}{{ value | amount: "no" }}{% endif %}', '(revenue_drop, reminder)'],
    [
      'an escalation',
      'x{% if escalation %}{{ value | amount: "no" }}{% endif %}',
      '(revenue_drop, escalated)'
    ],
    [
      'a summary',
      'x{% if incidents.size > 0 %}{{ value | amount: "no" }}{% endif %}',
      '(revenue_drop, catch_up)'
    ],
    [
      'missing parts',
      '{{ windows | amount: loss_unit }}{% unless windows %}{{ value | amount: "no" }}{% endunless %}',
      '(revenue_drop, trigger)'
    ]
  ])('finds what is wrong for %s alone, and says so', (_, template, where) => {
    const found = problems({ 'it.liquid': template })
    expect(found).toHaveLength(1)
    expect(found[0]).toContain(`takes a unit: money, share, seconds, bytes, count, number ${where}`)
  })

  test('renders a template of a kind for that kind, and the default for all others', () => {
    const files = {
      'it.liquid': '{% if kind == "drift" %}{{ value | amount: "no" }}{% endif %}x',
      'own.liquid': '{% if kind == "drift" %}x{% endif %}'
    }
    expect(problems(files, { default: 'it.liquid', drift: 'own.liquid' })).toEqual([])
    expect(problems(files, { default: 'it.liquid', revenue_drop: 'own.liquid' })).toHaveLength(2)
  })

  test('finds texts that are too long or break the layout only where they are as bad as they can be', () => {
    const header = (text: string) => `[{"type":"header","text":{"type":"plain_text","text":"${text}"}}]`
    expect(problems({ 'a.json.liquid': header('{{ title }}') }, { default: 'a.json.liquid' })[0]).toMatch(
      /at most 150 characters: shorten it .* \(revenue_drop, trigger\)$/
    )
    expect(
      problems({ 'a.json.liquid': header('{{ title | truncate_slack: 150 }}') }, { default: 'a.json.liquid' })
    ).toEqual([])
  })

  test.each([
    ['email', 'a.json.liquid', 'json'],
    ['slack', 'a.html.liquid', 'html']
  ] as const)('of a receiver of type %s refuses %s', (type, file, syntax) => {
    expect(problems({ [file]: '[{"type":"divider"}]' }, { default: file }, type)).toEqual([
      `${file}:undefined:undefined: is ${syntax} by its name, which a receiver of type ${type} does not take; name it NAME.liquid`
    ])
  })

  test('renders reports for the key report alone', () => {
    const files = {
      'it.liquid': '{{ report.title }}: {% for part in report.sections %}{{ part.heading }}{% endfor %}'
    }
    expect(problems(files, { report: 'it.liquid' }, 'email')).toEqual([])
  })
})
