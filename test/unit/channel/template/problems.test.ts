import { describe, expect, test } from 'vitest'
import { textOf } from '../../../support/templates.ts'

describe('a mistake is told with its place', () => {
  const files = { 'part.liquid': 'a\n  {{ titel }}', 'frame.liquid': '{% blok %}' }
  test.each([
    ['{{ titel }}', 'it.liquid:1:4: there is no variable titel'],
    ['x\n {{ cause.titel }}', 'it.liquid:2:5: there is no variable cause.titel'],
    ['{{ title | uper }}', 'it.liquid:1:1: there is no filter uper'],
    ['\n{% iff title %}', 'it.liquid:2:1: there is no tag iff'],
    ['{% set x = 1 %}', 'it.liquid:1:1: there is no tag set; in Liquid it is assign'],
    ['{{ labels | tojson }}', 'it.liquid:1:1: there is no filter tojson; in Liquid it is json'],
    ['{% cycle "a", details %}', 'it.liquid:1:1: there is no tag cycle'],
    ['{% if title %}', 'it.liquid:1:1: tag {% if title %} not closed'],
    ['{{ title', 'it.liquid:1:1: output "{{ title" not closed'],
    ['{% render "head" %}', 'it.liquid:1:1: there is no template head'],
    ['{% render "part" %}', 'part.liquid:2:6: there is no variable titel'],
    ['{% layout "frame" %}', 'frame.liquid:1:1: there is no tag blok'],
    ['{{ where }}', 'it.liquid:1:1: is a list: use the filter join, or the filter json'],
    ['{{ labels }}', 'it.liquid:1:1: is a map: name one of its keys, or the filter json'],
    ['{{ where | upper }}', 'it.liquid:1:1: takes a text, and got a list or a map'],
    [
      '{{ report.title | slack_timestamp }}',
      'it.liquid:1:1: is for Slack: this template is of a receiver of another type'
    ],
    ['{{ value | number: 99 }}', 'it.liquid:1:1: takes a number of decimals from 0 to 10'],
    ['{{ value | money: "EURO" }}', 'it.liquid:1:1: takes a currency such as "EUR"'],
    [
      '{{ value | amount: "apples" }}',
      'it.liquid:1:1: takes a unit: money, share, seconds, bytes, count, number'
    ],
    ['{{ "now" | date: "%Y" }}', 'it.liquid:1:1: takes a time such as sent_at']
  ])('%s', (template, expected) => {
    expect(textOf(template, { files })).toBe(expected)
  })
})

describe('nothing else can be reached', () => {
  test.each([
    '{{ constructor }}',
    '{{ title.constructor }}',
    '{{ labels.__proto__ }}',
    '{{ where.constructor.name }}',
    '{{ process.env }}',
    '{{ renderOptions }}',
    '{{ toString }}'
  ])('%s is no variable', template => {
    expect(textOf(template)).toContain('there is no variable')
  })

  test.each([
    '"/etc/passwd"',
    '"../cartwatch.yaml"',
    '"./../../etc/passwd"',
    '"file:///etc/passwd"',
    'details'
  ])('a template cannot be %s', name => {
    for (const tag of ['render', 'include', 'layout']) {
      if (tag === 'render' && name === 'details') continue
      expect(textOf(`{% ${tag} ${name} %}`)).toContain('there is no template')
    }
  })
})
