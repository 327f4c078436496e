import Table from 'cli-table3'
import { Document } from 'yaml'
import { visible, visibleJson, visibleLines } from '../telemetry/visible-text.ts'
import type { Inspection } from './inspect.ts'
import { textOf } from './survey.ts'
import { scaleOfBase64 } from './trial.ts'

const maxExample = 40
const maxUnused = 30
const maxTypesShown = 12

/** The proposal as a part of cartwatch.yaml; for a topic, as its entry. */
export function proposedConfig(inspection: Inspection, topic: string | undefined): string {
  const { layout, added, types, currency } = inspection
  const fields = Object.fromEntries(
    Object.entries(added.fields).map(([field, paths]) => [field, paths.length === 1 ? paths[0] : paths])
  )
  const keys = escaped({
    layout,
    ...(Object.keys(fields).length > 0 && { fields }),
    ...(Object.keys(added.eventTypes).length > 0 && { event_types: added.eventTypes }),
    ...(added.eventType !== undefined && { event_type: added.eventType }),
    ...(added.eventsIn !== undefined && { events_in: added.eventsIn }),
    ...(added.dateOrder !== undefined && { date_order: added.dateOrder }),
    ...(added.decimal !== undefined && { decimal: added.decimal, money: { scale: scaleOfBase64 } }),
    ...(added.scale !== undefined && { money: { scale: added.scale } })
  }) as object
  const document = new Document(
    topic === undefined
      ? { ...(currency && { currency }), events: keys }
      : { ...(currency && { currency }), kafka: { topics: [{ topic, ...keys }] } }
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
  const { records, readable, envelopes, layout, events, parts, faults, dead, skipped, missing } = inspection
  const wrapped = [...envelopes].map(([kind, count]) => `${count} ${envelopeNames[kind]}`).join(', ')
  const linesOf = (counts: ReadonlyMap<string, number>) =>
    [...counts].map(([what, count]) => `  ${what} ${count} (${percent(count / parts)})\n`).join('')
  const read = `${counted(records, 'record')}, ${readable} of them JSON objects`
  if (readable === 0) return `${read}\n${linesOf(dead)}${linesOf(skipped)}`
  const isRest = dead.size + skipped.size > 0
  return [
    `${read}${wrapped === '' ? '' : ` (${wrapped})`}; the layout that fits best is ${layout}\n`,
    `${fieldTable(inspection)}\n${typeText(inspection)}\n`,
    `With this layout ${events} of ${parts} are events (${percent(events / parts)})${isRest ? '; the rest:' : '.'}\n`,
    `${linesOf(dead)}${linesOf(skipped)}`,
    faults.size === 0 ? '' : `Faults of these events:\n${linesOf(faults)}`,
    unusedText(inspection),
    inspection.isDateOrderOpen ? openOrderText : '',
    wholeMoneyText(inspection),
    ...missing.map(field => missingText[field]),
    candidatesText(inspection),
    `\nFor cartwatch.yaml:\n\n${proposedConfig(inspection, topic)}`
  ].join('')
}

const openOrderText =
  '\nThe times could have the day or the month first, and no value decides: set date_order: day_first or month_first.\n'

const wholeMoneyText = ({ wholeMoney }: Inspection): string =>
  wholeMoney === undefined
    ? ''
    : `All money is in whole numbers, for example ${shown(wholeMoney)}. If it is in cents, set money: { scale: currency }.\n`

function candidatesText({ typeCandidates }: Inspection): string {
  const lines = typeCandidates.map(({ path, values }) => {
    const names = values.slice(0, maxTypesShown).map(shown).join(', ')
    return `  ${shown(path)}: ${names}${values.length > maxTypesShown ? ', …' : ''}\n`
  })
  return lines.length === 0
    ? ''
    : `It may be one of these; then say in event_types what its words mean:\n${lines.join('')}`
}

const missingText = {
  event_time:
    '\nNo field is a time of these years: without one nothing can be counted. Say where it is: events.fields.event_time.\n',
  event_type:
    '\nNo field says what an event is. Name it in events.fields.event_type, or say what all are: event_type: { constant: purchase }.\n'
}

/** Some of the fields that mean nothing so far: one of them may be what is missing. */
function unusedText({ unused }: Inspection): string {
  if (unused.length === 0) return ''
  const names = unused.slice(0, maxUnused).map(({ path }) => shown(path))
  const more = unused.length > names.length ? ` and ${unused.length - names.length} more` : ''
  return `Fields that are not used: ${names.join(', ')}${more}\n`
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

function typeText({ types, added, eventType }: Inspection): string {
  if (eventType !== undefined && 'constant' in eventType)
    return added.eventType === undefined
      ? `Each record is a ${eventType.constant}, as the layout has it.`
      : 'No field says a type, and all look like orders: each is a purchase.'
  if (types.length === 0) return ''
  const table = newTable(['type', 'records', 'meaning'])
  for (const { name, count, meaning } of types) table.push([shown(name), count, meaning ?? '?'])
  return table.toString()
}

/** For programs: one JSON object. */
export function inspectionJson(inspection: Inspection, topic: string | undefined): string {
  const { records, readable, envelopes, layout, fields, types, events, parts, faults, dead } = inspection
  const { skipped, missing, unused, typeCandidates, wholeMoney } = inspection
  const json = JSON.stringify({
    records,
    readable,
    parts,
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
    skipped: Object.fromEntries(skipped),
    missing,
    type_candidates: typeCandidates.map(({ path, values }) => ({
      path: shown(path),
      values: values.map(shown)
    })),
    whole_money: wholeMoney ?? null,
    unused: unused.slice(0, 100).map(({ path }) => shown(path)),
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
  const text = visible(textOf(value).slice(0, 4 * maxExample))
  return text.length > maxExample ? `${text.slice(0, maxExample)}…` : text
}

const counted = (count: number, noun: string): string =>
  `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`
