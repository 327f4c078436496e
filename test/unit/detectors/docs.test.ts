import { expect, test } from 'vitest'
import { kinds } from '../../../detectors/catalogue.ts'
import type { Kind } from '../../../detectors/kind.ts'
import { docs, kindRow, rowsUnder } from '../../support/documented.ts'

const all: readonly Kind[] = kinds
const named = (some: readonly Kind[]) => some.map(({ kind }) => kind)
const quoted = (text = '') => [...text.matchAll(/`(\w+)`/g)].map(([, name]) => name)
const cellsOf = (line = '') => line.split(' | ')

test('docs/detectors.md says what is known of every kind', () => {
  expect(rowsUnder(docs('detectors.md'), '| kind | what is found')).toEqual(all.map(kindRow))
})

test('docs/detectors.md has the rule of every kind, and the metric that it is mostly found in', () => {
  const rules = rowsUnder(docs('detectors.md'), '| kind | needs').map(cellsOf)
  expect(rules.map(([kind]) => quoted(kind)[0])).toEqual(named(all))
  const inWindows = all.filter(({ source, kind }) => source === 'windows' && !/^metric_/.test(kind))
  for (const { kind, metric } of inWindows) {
    expect([kind, quoted(rules.find(([name]) => quoted(name)[0] === kind)?.[1])]).toEqual([
      kind,
      expect.arrayContaining([metric])
    ])
  }
})

test('docs/alerts.md names the kinds that go to the receiver for revenue', () => {
  const shown = rowsUnder(docs('alerts.md'), '| variable | receiver').find(line =>
    line.includes('`slack-revenue`')
  )
  const revenue = named(all.filter(({ area }) => area === 'revenue'))
  expect(cellsOf(shown)[2]?.match(/\w+_\w+/g)).toEqual(revenue)
})

test('docs/alerts.md names the kinds that inhibit others', () => {
  const rows = rowsUnder(docs('alerts.md'), '| this | inhibits').map(cellsOf)
  const ofEvents = named(all.filter(({ inhibits }) => inhibits && 'symptomsOf' in inhibits))
  expect(quoted(rows[0]?.[0])).toEqual(ofEvents)
  const pairs = all.flatMap(({ kind, inhibits }) =>
    inhibits && 'kind' in inhibits
      ? [
          [
            [kind],
            [inhibits.kind],
            [inhibits.deeperBy, inhibits.deeperByOnceInhibited].map(part => `${100 * part} %`)
          ]
        ]
      : []
  )
  const shown = rows
    .slice(2)
    .map(([cause, effect = '']) => [quoted(cause), quoted(effect), effect.match(/\d+ %/g)])
  expect(shown).toEqual(pairs)
})

test('docs/calendar.md names the kinds that an entry without kinds leaves alone', () => {
  const shown = rowsUnder(docs('calendar.md'), '| key | default').find(line => line.startsWith('| `kinds`'))
  expect(quoted(cellsOf(shown)[1])).toEqual(named(all.filter(({ about }) => about === 'pipeline')))
})
