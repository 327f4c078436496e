import { isDeepStrictEqual } from 'node:util'
import { Document } from 'yaml'
import { visibleLines } from '../telemetry/visible-text.ts'
import type { Inspection } from './inspect.ts'
import { shown } from './shown.ts'
import { scaleOfBase64 } from './trial.ts'

/** A topic or a file that was looked at. */
export interface Inspected {
  readonly kind: 'topic' | 'file'
  /** A file's is its path. */
  readonly name: string
  readonly inspection: Inspection
}

/**
 * The proposal as a part of cartwatch.yaml. Each topic is an entry of its own. Files that are read alike are those of
 * `events:`; others are entries too, of topics named after them. Empty where no record can be read.
 */
export function proposedConfig(all: readonly Inspected[]): string {
  const read = all.filter(({ inspection }) => inspection.readable > 0)
  if (read.length === 0) return ''
  const currencies = new Set(read.flatMap(({ inspection }) => inspection.currency ?? []))
  const [currency] = currencies.size === 1 ? currencies : []
  const keys = read.map(({ inspection }) => keysOf(inspection))
  const isOne =
    read.every(({ kind }) => kind === 'file') && keys.every(one => isDeepStrictEqual(one, keys[0]))
  const topics = topicsOf(read)
  const document = new Document({
    ...(currency !== undefined && { currency }),
    ...(isOne && { events: keys[0] }),
    ...(!isOne && { kafka: { topics: keys.map((one, at) => ({ topic: topics[at], ...one })) } })
  })
  const notes = [
    !isOne && read.some(({ kind }) => kind === 'file')
      ? 'The topics are named after the files: give them their own names.'
      : '',
    currencies.size > 1
      ? `The currencies differ (${read.flatMap(currencyText).join(', ')}): set currency, and rates for the others.`
      : '',
    ...read.map(one => unknownText(one, all.length > 1)),
    ...all.flatMap(({ name, inspection }) =>
      inspection.readable === 0 ? `Not here: ${shown(name)}, of which no record can be read.` : []
    )
  ].filter(note => note !== '')
  if (notes.length > 0) document.comment = notes.map(note => ` ${note}`).join('\n')
  return visibleLines(document.toString({ lineWidth: 100 }))
}

const currencyText = ({ name, inspection: { currency } }: Inspected): string | [] =>
  currency === undefined ? [] : `${shown(name)} ${currency}`

function unknownText({ name, inspection }: Inspected, isOfSeveral: boolean): string {
  const unknown = inspection.types.filter(({ meaning }) => meaning === undefined)
  if (unknown.length === 0) return ''
  const where = isOfSeveral ? ` of ${shown(name)}` : ''
  const names = unknown.map(type => shown(type.name)).join(', ')
  return `Unknown event types${where}: add them to event_types ("other" for none of cartwatch's): ${names}`
}

/** What reads the events, without their place. */
function keysOf({ layout, added }: Inspection): object {
  const fields = Object.fromEntries(
    Object.entries(added.fields).map(([field, paths]) => [field, paths.length === 1 ? paths[0] : paths])
  )
  return escaped({
    layout,
    ...(Object.keys(fields).length > 0 && { fields }),
    ...(Object.keys(added.eventTypes).length > 0 && { event_types: added.eventTypes }),
    ...(added.eventType !== undefined && { event_type: added.eventType }),
    ...(added.eventsIn !== undefined && { events_in: added.eventsIn }),
    ...(added.dateOrder !== undefined && { date_order: added.dateOrder }),
    ...(added.decimal !== undefined && { decimal: added.decimal, money: { scale: scaleOfBase64 } }),
    ...(added.scale !== undefined && { money: { scale: added.scale } })
  }) as object
}

/** The topic of each; of a file its name up to the first dot, with a number where another has it already. */
function topicsOf(read: readonly Inspected[]): readonly string[] {
  const given = new Set<string>()
  return read.map(({ kind, name }) => {
    if (kind === 'topic') return name
    const file = name === '-' ? 'stdin' : name.replace(/^.*[/\\]/, '')
    const stem = file.replace(/(?<=.)\..*$/, '').replace(/[^\w.-]/g, '-')
    let topic = stem
    for (let number = 2; given.has(topic); number += 1) topic = `${stem}-${number}`
    given.add(topic)
    return topic
  })
}

/** In a value of the file a dollar sign may begin a variable. */
function escaped(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll('$', '$$$$')
  if (Array.isArray(value)) return value.map(escaped)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, escaped(inner)]))
}
