// biome-ignore-all lint/suspicious/noTemplateCurlyInString: that is how the file names a variable
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { formatErrors } from '../../../src/config/errors.ts'
import { loadConfig } from '../../../src/config/load.ts'
import { printConfig } from '../../../src/config/print.ts'

const shipped = readFileSync(new URL('../../../cartwatch.yaml', import.meta.url), 'utf8')
const secret = 'https://hooks.slack.com/services/T0/B0/do-not-show-this-12345678'
const password = 'neither-that-one'
const source = `${shipped}
receivers:
  team: { type: slack, webhook_url: "${secret}" }
  duty: { type: pagerduty, integration_key: "\${KEY}" }
routes: [{ match: { severity: critical }, receiver: duty, continue: true }, { default: team }]
store: { password: "\${CLICKHOUSE_PASSWORD}" }
`.replace(/^store:\n(?: .*\n)*/m, '')
const env = { KEY: 'k'.repeat(32), CLICKHOUSE_PASSWORD: password }

const piece = fc.oneof(
  fc.constantFrom(
    '\t',
    '  ',
    '\n',
    ':',
    '- ',
    '{',
    ']',
    '"',
    "'",
    '${',
    '}',
    '*a',
    '&a ',
    '!!x ',
    '---\n',
    '|',
    '#',
    '0'
  ),
  fc.string({ maxLength: 5 })
)
const edit = fc.record({ at: fc.nat(source.length), cut: fc.nat(12), put: piece })

test('whatever is done to the file, it is taken or refused with places, and nothing is thrown', () => {
  fc.assert(
    fc.property(fc.array(edit, { minLength: 1, maxLength: 3 }), edits => {
      const edited = edits.reduce(
        (text, { at, cut, put }) => text.slice(0, at) + put + text.slice(at + cut),
        source
      )
      const loaded = loadConfig({ path: 'a.yaml', env, readFile: () => edited })
      const shown = loaded.ok ? printConfig(loaded.effective) : formatErrors(loaded.errors)
      expect(shown).not.toContain(password)
      expect(shown).not.toContain(env.KEY)
      if (!loaded.ok) {
        expect(loaded.errors.length).toBeGreaterThan(0)
        for (const error of loaded.errors) expect(error.place).toMatch(/^a\.yaml:\d+:\d+$/)
      }
    }),
    { numRuns: 100 }
  )
})

test('any text is taken or refused, and nothing is thrown', () => {
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), pieces => {
      const loaded = loadConfig({ path: 'a.yaml', env: {}, readFile: () => pieces.join('') })
      expect(loaded.ok || loaded.errors.length > 0).toBe(true)
    }),
    { numRuns: 200 }
  )
})
