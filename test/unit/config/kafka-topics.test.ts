import { expect, test } from 'vitest'
import { formatErrors } from '../../../src/config/errors.ts'
import { loadConfig } from '../../../src/config/load.ts'
import { printConfig } from '../../../src/config/print.ts'

/** Loads `kafka.topics:` as it is written. */
const load = (topics: string) =>
  loadConfig({ path: 'a.yaml', env: {}, readFile: () => `kafka: { topics: ${topics} }\n` })

function errorsOf(topics: string): string[] {
  const loaded = load(topics)
  return loaded.ok ? [] : formatErrors(loaded.errors).split('\n')
}

test('names are a list or a text with commas, and have no layout of their own', () => {
  for (const source of ['[web, app]', '"web, app"']) {
    const loaded = load(source)
    expect(loaded.ok && loaded.config.kafka).toMatchObject({ topics: ['web', 'app'], layouts: new Map() })
  }
})

test('a topic may come with a layout of its own', () => {
  const entry = '{ topic: app, layout: ga4, fields: { user_id: me }, event_types: { seen: other } }'
  const loaded = load(`[web, ${entry}]`)
  if (!loaded.ok) throw new Error(formatErrors(loaded.errors))
  expect(loaded.config.kafka.topics).toEqual(['web', 'app'])
  expect(loaded.config.kafka.layouts).toEqual(
    new Map([['app', { layout: 'ga4', fields: { user_id: ['me'] }, event_types: { seen: 'other' } }]])
  )
  const again = loadConfig({ path: 'a.yaml', env: {}, readFile: () => printConfig(loaded.effective) })
  expect(again.ok && again.config.kafka).toEqual(loaded.config.kafka)
})

test.each([
  ['[web, app, web]', 'a.yaml:1:29: kafka.topics[2]: is "web"; expected each topic only once'],
  ['"web,web"', 'a.yaml:1:18: kafka.topics: is "web,web"; expected each topic only once'],
  ['[web, { topic: web }]', 'a.yaml:1:33: kafka.topics[1].topic: is "web"; expected each topic only once'],
  ['[]', 'a.yaml:1:18: kafka.topics: is an empty list; expected a list of topics, such as [shop-events]'],
  ['[a b]', 'a.yaml:1:19: kafka.topics[0]: is "a b"; expected a Kafka topic: letters, digits, dots, - and _'],
  ['[{ layout: ga4 }]', 'a.yaml:1:19: kafka.topics[0].topic: is missing; expected text'],
  [
    '[{ topic: a, layout: ga5 }]',
    'a.yaml:1:39: kafka.topics[0].layout: is "ga5"; expected native, rees46, ga4, segment, shopify, woocommerce, commercetools, snowplow, posthog, rudderstack or matomo (did you mean ga4?)'
  ]
])('%s is refused with its place', (topics, error) => {
  expect(errorsOf(topics)).toEqual([error])
})
