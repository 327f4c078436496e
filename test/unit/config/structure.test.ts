import { expect, test } from 'vitest'
import { formatErrors } from '../../../src/config/errors.ts'
import { resolveLayout } from '../../../src/config/events.ts'
import { loadConfig } from '../../../src/config/load.ts'

const load = (source: string) => loadConfig({ path: 'a.yaml', env: {}, readFile: () => source })

test('the type, the list of events and what is ignored are read for all topics and for one', () => {
  const loaded = load(`
    events:
      event_type: { header: topic }
      ignore: [{ test: true }]
    kafka:
      topics:
        - web
        - { topic: orders, event_type: { constant: purchase }, events_in: "data.batch[]", ignore: [{ agent: [/bot/i, x] }] }`)
  if (!loaded.ok) throw new Error(formatErrors(loaded.errors))
  const { events, kafka } = loaded.config
  expect(events.layout.structure).toEqual({
    eventType: { header: 'topic' },
    eventsIn: undefined,
    ignore: [{ test: [true] }]
  })
  expect(resolveLayout(kafka.layouts.get('web') ?? {}, events.layout)).toEqual(events.layout)
  expect(resolveLayout(kafka.layouts.get('orders') ?? {}, events.layout).structure).toEqual({
    eventType: { constant: 'purchase' },
    eventsIn: 'data.batch[]',
    ignore: [{ test: [true] }, { agent: ['/bot/i', 'x'] }]
  })
})

const typeError = 'expected { constant: purchase } with one of the eight types, or { header: a-header-name }'

test.each([
  ['event_type: purchase', `events.event_type: is "purchase"; ${typeError}`],
  [
    'event_type: { constant: buy }',
    'events.event_type.constant: is "buy"; expected page_view, search, product_view, add_to_cart, ' +
      'remove_from_cart, checkout_started, purchase or refund'
  ],
  [
    'events_in: "a[].b"',
    'events.events_in: is "a[].b"; expected the path of one list, such as batch[] or data.events[]'
  ],
  [
    'ignore: [{ "items[].id": 1 }]',
    'events.ignore[0].items[].id: is not allowed as a key; expected a path without [], such as customer.email'
  ],
  [
    'ignore: [{ a: "/(/" }]',
    'events.ignore[0].a: is "/(/"; expected a valid regular expression between the slashes'
  ],
  ['ignore: [{}]', 'events.ignore[0]: name at least one path with its value']
])('refuses %s', (line, error) => {
  const loaded = load(`events: { ${line} }`)
  expect(loaded.ok ? [] : loaded.errors.map(({ path, message }) => `${path}: ${message}`)).toEqual([error])
})
