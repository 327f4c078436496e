import { createDecode } from '../decode/decode.ts'
import {
  type ContractField,
  contractFields,
  eventTypes,
  type Layout,
  type TypeMeaning
} from '../decode/layout.ts'
import { type LayoutName, layoutNames, layouts } from '../decode/layouts/catalogue.ts'
import {
  type DeadReason,
  type Decoded,
  type DecodedPart,
  type DecodeOptions,
  type Fault,
  faultBits
} from '../decode/types.ts'
import { meaningOf } from './field-names.ts'
import { areMicroseconds, type Proposed, proposeFields } from './propose.ts'
import { fieldValues, pathValues } from './reading.ts'
import { type EnvelopeKind, openRecords } from './records.ts'
import { type Scalar, surveyOf } from './survey.ts'

/** What an inspection takes of the configuration. */
export interface Inspecting {
  readonly decoding: Omit<DecodeOptions, 'layout' | 'extraFields'>
  /** The values of about the newest records of a topic. */
  readNewest(topic: string, count: number): Promise<readonly (Buffer | null)[]>
}

interface FieldFound {
  readonly field: ContractField
  /** Where it is, the first that has a value; empty where no record has it. */
  readonly paths: readonly string[]
  /** Of the records that could be read. */
  readonly share: number
  readonly example: unknown
}

interface TypeFound {
  /** As it came. */
  readonly name: string
  readonly count: number
  /** Undefined if its name does not say. */
  readonly meaning: TypeMeaning | undefined
}

/** What records look like, and the layout that would read them. */
export interface Inspection {
  readonly records: number
  /** Those that are JSON objects. */
  readonly readable: number
  readonly envelopes: ReadonlyMap<EnvelopeKind, number>
  readonly layout: LayoutName
  readonly fields: readonly FieldFound[]
  readonly types: readonly TypeFound[]
  /** Events of the proposed layout, and what is wrong with the records by it. */
  readonly events: number
  readonly faults: ReadonlyMap<Fault, number>
  readonly dead: ReadonlyMap<DeadReason, number>
  /** What the configuration needs beside the preset: `events.fields`, `events.event_types`, `events.time_unit`. */
  readonly added: {
    readonly fields: Proposed
    readonly eventTypes: Readonly<Record<string, TypeMeaning>>
    readonly timeUnit: Layout['timeUnit'] | undefined
  }
}

const maxTypes = 50
/** A preset of which fewer events have a known type is not the layout. */
const minKnown = 0.5

/** Looks for the preset that fits best, for the fields that it does not find, and for what the types mean. */
export function inspectValues(
  values: readonly (Buffer | null)[],
  options: Inspecting['decoding']
): Inspection {
  const { opened, envelopes } = openRecords(values)
  const decodeBy = (layout: Layout): readonly DecodedPart[] => {
    const decode = createDecode({ ...options, layout })
    return values.flatMap(value => partsOf(decode(value)))
  }
  const name = bestPreset(decodeBy)
  const preset = layouts[name]
  const isFound = (field: ContractField) => fieldValues(opened, preset, field).length > 0
  const fields = proposeFields(
    surveyOf(opened.map(({ record }) => record)),
    new Set(contractFields.filter(field => !isFound(field))),
    opened.length
  )
  const merged: Layout = { ...preset, fields: { ...preset.fields, ...fields } }
  const timeUnit = areMicroseconds(pathValues(opened, merged, fields.event_time ?? []))
    ? 'microseconds'
    : undefined
  const types = typesOf(fieldValues(opened, merged, 'event_type'), preset)
  const eventTypes = Object.fromEntries(
    types.flatMap(({ name: type, meaning }) =>
      meaning === undefined || Object.hasOwn(preset.eventTypes, type) ? [] : [[type, meaning]]
    )
  )
  const proposed = completed(merged, eventTypes, timeUnit)
  return {
    records: values.length,
    readable: opened.length,
    envelopes,
    layout: name,
    fields: contractFields.map((field): FieldFound => {
      const isThere = (path: string) => pathValues(opened, proposed, [path]).length > 0
      const paths = (proposed.fields[field] ?? []).filter(isThere)
      const found = fieldValues(opened, proposed, field, paths)
      return { field, paths, share: found.length / Math.max(1, opened.length), example: found[0] }
    }),
    types,
    ...judged(decodeBy(proposed)),
    added: { fields, eventTypes, timeUnit }
  }
}

const completed = (
  layout: Layout,
  eventTypes: Readonly<Record<string, TypeMeaning>>,
  timeUnit: Layout['timeUnit'] | undefined
): Layout => ({
  ...layout,
  eventTypes: { ...layout.eventTypes, ...eventTypes },
  timeUnit: timeUnit ?? layout.timeUnit
})

/** The preset by which the most events have a known type, and of these the one that finds the most fields. */
function bestPreset(decodeBy: (layout: Layout) => readonly DecodedPart[]): LayoutName {
  const fits = layoutNames.map(name => {
    const events = decodeBy(layouts[name]).flatMap(decoded => (decoded.kind === 'event' ? decoded.event : []))
    const known = events.filter(({ faults }) => (faults & faultBits.unknown_type) === 0)
    const present = known.reduce((sum, event) => sum + bitCount(event.present), 0)
    return { name, events: events.length, known: known.length, present }
  })
  const [best] = fits
    .filter(({ events, known }) => known > 0 && known >= minKnown * events)
    .sort((a, b) => b.known - a.known || b.present - a.present)
  return best?.name ?? 'native'
}

function typesOf(values: readonly Scalar[], preset: Layout): readonly TypeFound[] {
  const counts = new Map<string, number>()
  for (const value of values) {
    if (typeof value !== 'string') continue
    if (counts.has(value) || counts.size < maxTypes) counts.set(value, (counts.get(value) ?? 0) + 1)
  }
  return [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([name, count]) => ({ name, count, meaning: knownMeaning(name, preset) ?? meaningOf(name) }))
}

function knownMeaning(name: string, preset: Layout): TypeMeaning | undefined {
  return Object.hasOwn(preset.eventTypes, name)
    ? preset.eventTypes[name]
    : eventTypes.find(type => type === name)
}

const partsOf = (decoded: Decoded): readonly DecodedPart[] =>
  decoded.kind === 'several' ? decoded.parts : [decoded]

function judged(all: readonly DecodedPart[]): Pick<Inspection, 'events' | 'faults' | 'dead'> {
  const faults = new Map<Fault, number>()
  const dead = new Map<DeadReason, number>()
  let events = 0
  for (const decoded of all) {
    if (decoded.kind === 'dead') {
      dead.set(decoded.reason, (dead.get(decoded.reason) ?? 0) + 1)
      continue
    }
    if (decoded.kind === 'skipped') continue
    events++
    for (const [fault, bit] of Object.entries(faultBits) as [Fault, number][])
      if ((decoded.event.faults & bit) !== 0) faults.set(fault, (faults.get(fault) ?? 0) + 1)
  }
  return { events, faults, dead }
}

function bitCount(bits: number): number {
  let count = 0
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++
  return count
}
