import Table from 'cli-table3'
import { visible, visibleJson } from '../telemetry/visible-text.ts'
import type { Inspection } from './inspect.ts'
import { type Inspected, proposedConfig } from './proposal.ts'
import { shown } from './shown.ts'

const maxUnused = 30
const maxTypesShown = 12

/** For people: of several each under its name, and one configuration for all. */
export function inspectionText(all: readonly Inspected[]): string {
  const found = all.map(({ kind, name, inspection }) =>
    all.length > 1
      ? `${kind === 'topic' ? 'Topic' : 'File'} ${shown(name)}\n${findingsText(inspection)}`
      : findingsText(inspection)
  )
  const isAnyRead = all.some(({ inspection }) => inspection.readable > 0)
  return `${found.join('\n')}${isAnyRead ? `\nFor cartwatch.yaml:\n\n${proposedConfig(all)}` : ''}`
}

function findingsText(inspection: Inspection): string {
  const { records, readable, envelopes, layout, events, parts, faults, dead, skipped, missing } = inspection
  const wrapped = [...envelopes].map(([kind, count]) => `${grouped(count)} ${envelopeNames[kind]}`).join(', ')
  const linesOf = (counts: ReadonlyMap<string, number>) =>
    [...counts].map(([what, count]) => `  ${what} ${grouped(count)} (${percent(count / parts)})\n`).join('')
  const read = `${counted(records, 'record')}, ${grouped(readable)} of them JSON objects`
  if (readable === 0) return `${read}\n${linesOf(dead)}${linesOf(skipped)}`
  const isRest = dead.size + skipped.size > 0
  return [
    `${read}${wrapped === '' ? '' : ` (${wrapped})`}; the layout that fits best is ${layout}\n`,
    `${fieldTable(inspection)}\n${typeText(inspection)}\n`,
    `With this layout ${grouped(events)} of ${grouped(parts)} are events (${percent(events / parts)})${isRest ? '; the rest:' : '.'}\n`,
    `${linesOf(dead)}${linesOf(skipped)}`,
    faults.size === 0 ? '' : `Faults of these events:\n${linesOf(faults)}`,
    unusedText(inspection),
    inspection.isDateOrderOpen ? openOrderText : '',
    wholeMoneyText(inspection),
    ...missing.map(field => missingText[field]),
    candidatesText(inspection)
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
  for (const { name, count, meaning } of types) table.push([shown(name), grouped(count), meaning ?? '?'])
  return table.toString()
}

/** For programs: one JSON object; of several, one that lists them. */
export function inspectionJson(all: readonly Inspected[]): string {
  const config = proposedConfig(all)
  const [only] = all
  const json =
    all.length === 1 && only !== undefined
      ? { ...jsonOf(only.inspection), config }
      : {
          inputs: all.map(({ kind, name, inspection }) => ({ [kind]: shown(name), ...jsonOf(inspection) })),
          config
        }
  return visibleJson(JSON.stringify(json))
}

function jsonOf(inspection: Inspection): object {
  const { records, readable, envelopes, layout, fields, types, events, parts, faults, dead } = inspection
  const { skipped, missing, unused, typeCandidates, wholeMoney } = inspection
  return {
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
    unused: unused.slice(0, 100).map(({ path }) => shown(path))
  }
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

const grouped = (count: number): string => count.toLocaleString('en')

const counted = (count: number, noun: string): string => `${grouped(count)} ${noun}${count === 1 ? '' : 's'}`
