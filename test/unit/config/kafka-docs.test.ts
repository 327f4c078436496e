import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { formatErrors } from '../../../src/config/errors.ts'
import { loadConfig } from '../../../src/config/load.ts'
import { knownVariables } from '../../../src/config/variables.ts'

const doc = readFileSync(new URL('../../../docs/kafka.md', import.meta.url), 'utf8')

test.each([
  ['sasl', 5],
  ['tls', 7]
])('docs/kafka.md has every key of kafka.%s with its variable', (section, count) => {
  const table = doc.slice(doc.indexOf(`| \`kafka.${section}.\` |`)).split('\n\n')[0] ?? ''
  const rows = [...table.matchAll(/^\| `(\w+)` \| (?:`(\w+)`)? ?\|/gm)].map(([, key, name]) => [key, name])
  const variables = knownVariables.filter(({ path }) => path[1] === section)
  expect(rows.filter(([, name]) => name)).toEqual(variables.map(({ name, path }) => [path.at(-1), name]))
  const unknown = loadConfig({
    path: 'a',
    env: {},
    readFile: () => `kafka: { ${section}: { mechanism: oauthbearer, nothing: 1 } }`
  })
  const known = unknown.ok ? '' : formatErrors(unknown.errors)
  const keys = /nothing: is not a known key; expected (.*)$/m.exec(known)?.[1]?.split(/, | or /) ?? []
  expect(keys).toHaveLength(count)
  expect(keys.filter(key => !rows.some(([written]) => written === key))).toEqual([])
})

test('the configurations that docs/kafka.md shows are right, but for files that are not here', () => {
  const blocks = [...doc.matchAll(/```yaml\n(.*?)```/gs)].map(([, block = '']) => block)
  const env = { KAFKA_PASSWORD: 'given' }
  const paths = blocks.flatMap(source => {
    const loaded = loadConfig({
      path: 'a',
      env: 'sasl' in parse(source).kafka ? env : {},
      readFile: reader(source)
    })
    return loaded.ok ? [] : loaded.errors.map(({ path }) => path)
  })
  expect(blocks).toHaveLength(3)
  expect(paths).toEqual(['kafka.tls.ca', 'kafka.tls.cert', 'kafka.tls.key'])
})

const reader = (source: string) => (path: string) => (path === 'a' ? source : 'no certificate')
