import fc from 'fast-check'
import { expect, test } from 'vitest'
import { templateExample } from '../../../../src/channel/template/examples.ts'
import { keptFilters } from '../../../../src/channel/template/filters.ts'
import { ownFilters } from '../../../../src/channel/template/own-filters.ts'
import { createTemplates } from '../../../../src/channel/template/templates.ts'
import { renderOptionsOf } from '../../../support/alerts.ts'
import { countedLimits } from '../../../support/templates.ts'
import { tries } from '../../../support/tries.ts'

const secret = 'not-for-templates'
const notification = {
  ...templateExample({ kind: 'drift', action: 'escalation', severity: 'high', content: 'hostile' }),
  ...{ messageRef: secret, answer: secret, requestId: secret, dedupKey: secret, receiver: secret }
}
const renderOptions = renderOptionsOf({ dashboardTemplate: 'https://dash.example/{kind}', interactive: true })
const names = ['it.liquid', 'it.json.liquid', 'it.html.liquid', 'part.liquid'] as const

/** What a template gave, whatever it is. */
function outcomeOf(file: (typeof names)[number], text: string, part: string) {
  const templates = createTemplates({
    files: new Map([
      ['part.liquid', part],
      [file, text]
    ]),
    assigned: new Map(),
    labelsOf: () => ({ team: '<!everyone>' }),
    renderOptions,
    limits: countedLimits
  })
  return templates.render(/html/.test(file) ? 'email' : 'slack', { file, notification })
}

const variables = [
  'title',
  'details',
  'where',
  'labels.team',
  'alert.model_name',
  'value',
  'links.dashboard',
  'nothing',
  'where[0].segment',
  'evidence',
  'opened_at',
  '"text"',
  '12',
  '(1..9)',
  'constructor',
  'labels["x"]',
  'notes.first',
  'cause'
]
const filters = [...[...keptFilters].filter(name => name !== 'raw'), ...Object.keys(ownFilters)]
const value = fc
  .tuple(
    fc.constantFrom(...variables),
    fc.array(
      fc.tuple(
        fc.constantFrom(...filters),
        fc.array(fc.constantFrom(...variables, '-1', '"%Y"', '""'), { maxLength: 2 })
      ),
      {
        maxLength: 4
      }
    )
  )
  .map(([name, chain]) =>
    [
      name,
      ...chain.map(([filter, args]) => (args.length > 0 ? `${filter}: ${args.join(', ')}` : filter))
    ].join(' | ')
  )

const { piece } = fc.letrec<{ piece: string }>(tie => {
  const inner = fc
    .array(tie('piece'), { maxLength: 4, depthIdentifier: 'piece' })
    .map(pieces => pieces.join(''))
  return {
    piece: fc.oneof(
      { depthSize: 'small', depthIdentifier: 'piece' },
      value.map(one => `{{ ${one} }}`),
      fc.constantFrom(
        'x',
        '\n',
        '"',
        '{',
        '[',
        ']}',
        ',',
        '%}',
        '{{',
        '{%',
        '{% endif %}',
        '{% render "part" %}',
        '{% include "part" %}',
        '{% layout "part" %}',
        '{% break %}',
        '{% raw %}{{{% endraw %}'
      ),
      fc
        .tuple(value, inner, inner)
        .map(([one, yes, no]) => `{% if ${one} %}${yes}{% else %}${no}{% endif %}`),
      fc.tuple(value, inner).map(([one, body]) => `{% for i in ${one} %}${body}{{ i }}{% endfor %}`),
      fc.tuple(value, inner).map(([one, body]) => `{% assign x = ${one} %}${body}{{ x }}`),
      inner.map(body => `{% capture x %}${body}{% endcapture %}{{ x }}`),
      inner.map(body => `{"type":"section","text":{"type":"mrkdwn","text":"${body}"}}`)
    )
  }
})
const template = fc.array(piece, { maxLength: 12 }).map(pieces => pieces.join(''))
const bytes = fc.uint8Array({ maxLength: 400 }).map(raw => Buffer.from(raw).toString('utf8'))
const anything = fc.oneof(
  template,
  bytes,
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.tuple(template, bytes).map(parts => parts.join(''))
)

test('of whatever text there is a message or a mistake with its place, and no secret', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('it.liquid', 'it.json.liquid', 'it.html.liquid'),
      anything,
      anything,
      (file, text, part) => {
        const outcome = outcomeOf(file, text, part)
        expect(JSON.stringify(outcome)).not.toContain(secret)
        if (outcome.kind === 'made') return
        const { file: where, line, column, message } = outcome.problem
        expect([file, 'part.liquid']).toContain(where)
        expect(message).not.toBe('')
        if (line === undefined) return
        const source = where === file ? text : part
        expect(line).toBeLessThanOrEqual(source.split('\n').length)
        expect(column).toBeGreaterThan(0)
      }
    ),
    { numRuns: tries(500) }
  )
})

test('of pieces without | raw no value mentions, links or becomes a tag', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('it.liquid', 'it.json.liquid', 'it.html.liquid'),
      template,
      template,
      (file, text, part) => {
        const outcome = outcomeOf(file, text, part)
        if (outcome.kind === 'failed') return
        const shown = JSON.stringify(outcome.content)
        if (file === 'it.html.liquid')
          expect((outcome.content as unknown as { html: string }).html).not.toMatch(/<!channel>|<!everyone>/)
        else
          expect(textsWithMarkup(outcome.content)).not.toMatch(/<!channel>|<!everyone>|<@|https?:\/\/evil/i)
        expect(shown).not.toMatch(/[\ue000\ue001]/)
      }
    ),
    { numRuns: tries(500) }
  )
})

/** All that Slack reads as mrkdwn, but for the mention of the escalation itself. */
function textsWithMarkup(value: unknown): string {
  if (Array.isArray(value)) return value.map(textsWithMarkup).join('\n')
  if (typeof value !== 'object' || value === null) return ''
  const map = value as Readonly<Record<string, unknown>>
  const own = map['type'] === 'mrkdwn' ? String(map['text']) : ''
  return [own, ...Object.values(map).map(textsWithMarkup)].join('\n')
}
