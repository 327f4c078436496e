import Table from 'cli-table3'
import { Document } from 'yaml'
import { visible, visibleJson, visibleLines } from '../telemetry/visible-text.ts'
import type { Inspection } from './inspect.ts'

const maxExample = 40

/** The proposal as a part of cartwatch.yaml; for a topic, as its entry. */
export function proposedConfig({ layout, added, types }: Inspection, topic: string | undefined): string {
  const fields = Object.fromEntries(
    Object.entries(added.fields).map(([field, paths]) => [field, paths.length === 1 ? paths[0] : paths])
  )
  const keys = escaped({
    layout,
    ...(Object.keys(fields).length > 0 && { fields }),
    ...(Object.keys(added.eventTypes).length > 0 && { event_types: added.eventTypes }),
    ...(added.timeUnit !== undefined && { time_unit: added.timeUnit })
  }) as object
  const document = new Document(
    topic === undefined ? { events: keys } : { kafka: { topics: [{ topic, ...keys }] } }
  )
  const unknown = types.filter(({ meaning }) => meaning === undefined).map(({ name }) => shown(name))
  if (unknown.length > 0)
    document.comment = ` Unknown event types: add them to event_types ("other" for none of cartwatch's): ${unknown.join(', ')}`
  return visibleLines(document.toString({ lineWidth: 100 }))
}

/** In a value of the file a dollar sign may begin a variable. */
function escaped(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll('$', '$$$$')
  if (Array.isArray(value)) return value.map(escaped)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, escaped(inner)]))
}

/** For people. */
export function inspectionText(inspection: Inspection, topic: string | undefined): string {
  const { records, readable, envelopes, layout, events, faults, dead } = inspection
  const wrapped = [...envelopes].map(([kind, count]) => `${count} ${envelopeNames[kind]}`).join(', ')
  const wrong = [...dead, ...faults].map(
    ([what, count]) => `  ${what} ${count} (${percent(count / records)})\n`
  )
  const read = `${counted(records, 'record')}, ${readable} of them JSON objects`
  if (readable === 0) return `${read}\n${wrong.join('')}`
  return [
    `${read}${wrapped === '' ? '' : ` (${wrapped})`}; the layout that fits best is ${layout}\n`,
    `${fieldTable(inspection)}\n${typeTable(inspection)}\n`,
    `With this layout ${events} of ${records} are events.\n`,
    wrong.length === 0 ? '' : `Faults:\n${wrong.join('')}`,
    `\nFor cartwatch.yaml:\n\n${proposedConfig(inspection, topic)}`
  ].join('')
}

function fieldTable({ fields }: Inspection): string {
  const table = newTable(['field', 'path', 'records', 'example'])
  for (const { field, paths, share, example } of fields) {
    if (paths.length === 0 && share === 0) table.push([field, '–', '', ''])
    else {
      const where = paths.length > 0 ? paths.map(visible).join('\nor ') : 'the envelope'
      table.push([field, where, percent(share), shown(example)])
    }
  }
  return table.toString()
}

function typeTable({ types }: Inspection): string {
  const table = newTable(['type', 'records', 'meaning'])
  for (const { name, count, meaning } of types) table.push([shown(name), count, meaning ?? '?'])
  return table.toString()
}

/** For programs: one JSON object. */
export function inspectionJson(inspection: Inspection, topic: string | undefined): string {
  const { records, readable, envelopes, layout, fields, types, events, faults, dead } = inspection
  const json = JSON.stringify({
    records,
    readable,
    events,
    envelopes: Object.fromEntries(envelopes),
    layout,
    fields: fields.map(({ example, ...rest }) => ({
      ...rest,
      ...(example !== undefined && { example: shown(example) })
    })),
    types: types.map(({ name, count, meaning }) => ({ name: shown(name), count, meaning: meaning ?? null })),
    faults: Object.fromEntries(faults),
    dead: Object.fromEntries(dead),
    config: proposedConfig(inspection, topic)
  })
  return visibleJson(json)
}

const envelopeNames = {
  framed: 'framed by a schema registry',
  cloudevent: 'CloudEvents',
  connect: 'of Kafka Connect',
  change: 'change events'
} as const

const newTable = (head: string[]) =>
  new Table({
    head,
    style: { head: [], border: [] },
    chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' }
  })

const percent = (share: number): string =>
  share > 0 && share < 0.001 ? '<0.1 %' : `${Number((100 * share).toFixed(1))} %`

/** Records hold what anybody may have sent: short, and nothing that a terminal would obey. */
function shown(value: unknown): string {
  const text = visible(String(value).slice(0, 4 * maxExample))
  return text.length > maxExample ? `${text.slice(0, maxExample)}…` : text
}

const counted = (count: number, noun: string): string =>
  `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`
