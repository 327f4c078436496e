import { describe, expect, test } from 'vitest'
import { hostileTemplates } from '../../../support/hostile-templates.ts'
import { renderedAs, textOf } from '../../../support/templates.ts'

const names = Object.keys(hostileTemplates).filter(name => !name.startsWith('part'))

const parts = Object.fromEntries(Object.entries(hostileTemplates).filter(([name]) => name.startsWith('part')))

/** Those whose text is all that is wrong with them. */
const harmless: ReadonlySet<string> = new Set([
  'marks.liquid',
  'unclosed.liquid',
  'many-quotes.liquid',
  'commas.json.liquid',
  'quotes.json.liquid'
])

describe('a template that would take for ever, or all of the memory', () => {
  test.each(names)('%s ends by what is counted', name => {
    const outcome = renderedAs('slack', hostileTemplates[name] ?? '', {
      files: parts,
      name,
      content: 'long'
    })
    expect(outcome.kind).toBe('failed')
    if (outcome.kind === 'made' || harmless.has(name)) return
    expect(outcome.problem.message).toMatch(/takes too much|whole numbers|too deep|a format of at most/)
  })
})

describe('a limit', () => {
  test.each([
    [
      '{% for i in (1..2990) %}{% endfor %}',
      '{% for i in (1..1500) %}xx{% endfor %}',
      'more than 3,000 steps'
    ],
    [
      '{% for i in (1..20000) limit: 1 %}{% endfor %}',
      '{% for i in (1..20001) limit: 1 %}{% endfor %}',
      'a text or a range longer than 20,000'
    ],
    [
      '{% assign x = (1..1000) | first %}',
      '{% assign x = (1..1001) | first %}',
      'a filter of a list longer than 1,000'
    ]
  ])('is known by its number: %s', (within, beyond, what) => {
    expect(textOf(`x${within}`)).toBe('x')
    expect(textOf(`x${beyond}`)).toContain(`takes too much: ${what}`)
  })

  test('of output counts what is captured', () => {
    const long = '0123456789'.repeat(1_000)
    expect(textOf(`x{% for i in (1..11) %}{% capture y %}${long}{% endcapture %}{% endfor %}`)).toContain(
      'a result longer than 100,000 characters'
    )
  })

  test('of texts counts what a filter gives, too', () => {
    expect(textOf(`{% assign x = "${'é'.repeat(9_000)}" %}{{ x | url_encode }}`)).toContain(
      'a text or a range longer than 20,000'
    )
  })

  test.each(['{% render "it" %}', '{% include "it" %}', '{% layout "it" %}'])(
    'of depth ends what is within itself: %s',
    template => {
      expect(textOf(template)).toContain('more than 40 tags and partials within each other')
    }
  )

  test('of depth is of one branch, not of all', () => {
    expect(textOf('{% for i in (1..100) %}{% if true %}x{% endif %}{% endfor %}')).toHaveLength(100)
  })

  test('of steps counts filters and operators', () => {
    expect(textOf(`{{ 1 ${'| plus: 1'.repeat(2_990)} }}`)).toBe('2991')
    expect(textOf(`{{ 1 ${'| plus: 1'.repeat(3_000)} }}`)).toContain('more than 3,000 steps')
    expect(textOf(`{% if ${'true and '.repeat(2_980)} true %}x{% endif %}`)).toBe('x')
    expect(textOf(`{% if ${'true and '.repeat(3_000)} true %}x{% endif %}`)).toContain(
      'more than 3,000 steps'
    )
  })

  test('of time is of the processor, and ends what nothing else does', () => {
    const limits = {
      steps: 1e9,
      list: 1e9,
      unit: 1e9,
      memory: 1e9,
      output: 1e9,
      depth: 40,
      files: 9,
      file: 1e5,
      folder: 1e9,
      timeMs: 0
    }
    const loop = '{% for a in (1..1000) %}{% for b in (1..1000) %}x{% endfor %}{% endfor %}'
    expect(textOf(loop, { limits })).toContain('takes too much: more than 0 ms')
  })

  test('holds for each message anew', () => {
    for (let run = 0; run < 3; run += 1)
      expect(textOf('{% for i in (1..1000) %}x{% endfor %}')).toHaveLength(1_000)
  })
})

describe('a range', () => {
  test.each(['(9007199254740992..9007199254740996)', '("a".."b")', '(1.5..3)'])(
    '%s needs whole numbers',
    range => {
      expect(textOf(`{% for i in ${range} %}x{% endfor %}`, { content: 'hostile' })).toContain(
        'whole numbers at both ends'
      )
    }
  )

  test('may have variables at its ends', () => {
    expect(textOf('{% assign n = where | size %}{% for i in (1..n) %}{{ i }}{% endfor %}')).toBe('12')
  })
})
