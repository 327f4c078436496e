import { describe, expect, test } from 'vitest'
import { templateExample } from '../../../../src/channel/template/examples.ts'
import { keptFilters } from '../../../../src/channel/template/filters.ts'
import { templateLimits } from '../../../../src/channel/template/limits.ts'
import { ownFilters } from '../../../../src/channel/template/own-filters.ts'
import { createTemplates } from '../../../../src/channel/template/templates.ts'
import { renderOptionsOf } from '../../../support/alerts.ts'
import { docs, rowsUnder } from '../../../support/documented.ts'
import { renderedAs, textOf } from '../../../support/templates.ts'

const text = docs('templates.md')
const cellsOf = (row: string) =>
  row
    .slice(1, -1)
    .split(/(?<!\\)\|/)
    .map(cell => cell.trim().replaceAll('\\|', '|'))
const codeIn = (cell: string) => [...cell.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code)

test('every variable is in the table, and no other', () => {
  const templates = createTemplates({
    ...{ files: new Map(), assigned: new Map(), labelsOf: () => ({}), renderOptions: renderOptionsOf() }
  })
  const example = templateExample({
    ...{ kind: 'drift', action: 'trigger', severity: 'high', content: 'ordinary' }
  })
  const listed = rowsUnder(text, '| variable |').flatMap(row => codeIn(cellsOf(row)[0] ?? ''))
  expect(listed.toSorted()).toEqual(Object.keys(templates.variables(example)).toSorted())
})

test('what another service may say is listed', () => {
  const [row = ''] = rowsUnder(text, '| variable |').filter(one => one.startsWith('| `alert`'))
  const values = createTemplates({
    ...{ files: new Map(), assigned: new Map(), labelsOf: () => ({}), renderOptions: renderOptionsOf() }
  }).variables(templateExample({ kind: 'drift', action: 'trigger', severity: 'high', content: 'ordinary' }))
  const listed = codeIn(cellsOf(row)[1] ?? '').map(name => name.replace('alert.', ''))
  for (const name of Object.keys(values.alert ?? {})) expect(listed).toContain(name)
})

test('every filter is listed, and no other', () => {
  const own = rowsUnder(text, '| filter |').flatMap(row => codeIn(cellsOf(row)[0] ?? ''))
  expect(own.toSorted()).toEqual(Object.keys(ownFilters).toSorted())
  const [, ofLiquid = ''] = /Of Liquid's own there are (.*?)\. `date`/.exec(text) ?? []
  expect(codeIn(ofLiquid).toSorted()).toEqual([...keptFilters].toSorted())
})

test('the examples of filters give what the table says', () => {
  for (const row of rowsUnder(text, '| filter |')) {
    const [, example = '', gives = ''] = cellsOf(row)
    const [code = ''] = codeIn(example)
    const [shown] = codeIn(gives)
    if (shown === undefined || !gives.startsWith('`')) continue
    expect(textOf(`${code}`, { look: { currency: 'USD' } })).toBe(shown)
  }
})

test('the limits are those of the code', () => {
  const { files, file, steps, depth, unit, memory, output, timeMs } = templateLimits
  const shown = (count: number) => count.toLocaleString('en')
  const table = rowsUnder(text, '| what | at most').map(row => cellsOf(row)[1])
  expect(table).toEqual([
    `${files}, ${shown(file)}, all together ${shown(templateLimits.folder)}`,
    shown(steps),
    String(depth),
    `${shown(unit)}, all together ${shown(memory)}`,
    shown(templateLimits.list),
    shown(output),
    `${timeMs} ms`
  ])
})

describe('the examples', () => {
  const examples = [...text.matchAll(/```liquid\n([\s\S]*?)```/g)].map(([, one = '']) => one)

  test('can be sent to Slack', () => {
    const files = { 'head.liquid': '{{ severity | upper }}', 'frame.liquid': examples[3] ?? '' }
    const [first = '', layout = '', framed = ''] = examples
    expect(renderedAs('slack', first)).toMatchObject({ kind: 'made' })
    expect(renderedAs('slack', layout, { name: 'it.json.liquid' })).toMatchObject({ kind: 'made' })
    expect(renderedAs('slack', framed, { files })).toMatchObject({ kind: 'made' })
  })
})

describe('each row from Jinja', () => {
  const rows = rowsUnder(text, '| Jinja |').map(cellsOf)
  const files = {
    ...{ 'head.liquid': 'HEAD', 'row.liquid': '{{ part.segment }}' },
    'frame.liquid': '[{% block body %}{% endblock %}]'
  }
  const usual = { content: 'ordinary', files, labels: { team: 'shop' } } as const
  /** What the Liquid of a row gives for a drop of revenue; `…` in it stands as itself. */
  const gives: Readonly<Record<string, string>> = {
    '{{ severity | upper }}': 'HIGH',
    '{{ title | lower }}': 'high: payment or checkout fails · country=de',
    '{{ labels.team | default: "nobody" }}': 'shop',
    '{{ details | truncate: 40 }}': 'Revenue dropped by 87% from baseline ...',
    '{{ details | replace: "%", " percent" }}':
      'Revenue dropped by 87 percent from baseline ($1,850 → $245).',
    '{{ where | size }}': '2',
    '{{ notes | join: ", " }}': 'It has opened and ended again and again of late.',
    '{{ where | map: "segment" | join: ", " }}': 'country=DE, country=DE',
    '{{ labels | json }}': '{"team":"shop"}',
    '{{ value | round: 1 }}': '245',
    '{{ value | number: 1 }}': '245',
    '{{ value | times: 2 }}': '490',
    '{{ title | append: "!" }}': 'HIGH: Payment or checkout fails · country=DE!',
    '{{ details }}': 'Revenue dropped by 87% from baseline ($1,850 → $245).',
    '{{ opened_at | date: "%d.%m.%Y %H:%M" }}': '31.01.2026 11:50',
    '{% if severity == "critical" %}…{% elsif severity == "high" %}…{% else %}…{% endif %}': '…',
    '{% unless acknowledged_by %}…{% endunless %}': '…',
    '{% if cause %}…{% endif %}': '…',
    '{% if state == "open" %}open{% else %}over{% endif %}': 'open',
    '{% for part in where %}{{ forloop.index }}. {{ part.segment }}{% endfor %}':
      '1. country=DE2. country=DE',
    '{% for part in where %}{{ part.segment }}{% unless forloop.last %}, {% endunless %}{% endfor %}':
      'country=DE, country=DE',
    '{% for part in where limit: 3 %}…{% endfor %}': '……',
    '{% for label in labels %}{{ label[0] }}={{ label[1] }}{% endfor %}': 'team=shop',
    '{% for i in (1..3) %}{{ i }}{% endfor %}': '123',
    '{% include "head" %}': 'HEAD',
    '{% layout "frame" %}{% block body %}…{% endblock %}': '[…]',
    '{% comment %}a remark{% endcomment %}': '',
    '{% raw %}{{ as it is }}{% endraw %}': '{{ as it is }}',
    '{{- title -}}': 'HIGH: Payment or checkout fails · country=DE',
    '{%- if cause -%}…{%- endif -%}': '…'
  }
  const givesWithMore: Readonly<Record<string, readonly [before: string, after: string, gives: string]>> = {
    '{{ part | raw }}': [
      '{% assign part = details %}',
      '',
      'Revenue dropped by 87% from baseline ($1,850 → $245).'
    ],
    '{% if kind == "drift" or kind == "alert" %}…{% endif %}': ['', 'none', 'none'],
    '{% assign name = alert.model_name %}': ['', '[{{ name }}]', '[]'],
    '{% capture text %}*{{ title }}*{% endcapture %}': [
      '',
      '{{ text | raw }}',
      '*HIGH: Payment or checkout fails · country=DE*'
    ],
    '{% render "row", part: part %}': ['{% for part in where limit: 1 %}', '{% endfor %}', 'country=DE']
  }
  const liquid = rows.flatMap(([, cell = '']) => codeIn(cell).filter(code => /^\{/.test(code)))

  test.each(liquid)('%s', code => {
    const [before, after, expected] = givesWithMore[code] ?? ['', '', gives[code]]
    // A mail needs a text.
    const shown = textOf(`<${before}${code}${after}>`, usual)
    expect(shown.replace(/^<|>$/g, '')).toBe(expected)
  })
})
