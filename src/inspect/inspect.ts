import { noCurrency } from '../decode/fields.ts'
import { headerPrefix } from '../decode/headers.ts'
import type { Layout, LayoutField } from '../decode/layout.ts'
import { layoutFields } from '../decode/layout.ts'
import { type LayoutName, layoutNames, layouts } from '../decode/layouts/catalogue.ts'
import type { Structure } from '../decode/structure.ts'
import {
  type DeadReason,
  type DecodedPart,
  type DecodeOptions,
  type Fault,
  faultBits,
  type SkipReason
} from '../decode/types.ts'
import { dateOrderOf } from './date-order.ts'
import { fits } from './fits.ts'
import { type TypeCandidate, typeCandidates, wholeMoney } from './hints.ts'
import { fieldValues, pathValues } from './reading.ts'
import { type EnvelopeKind, eventLists, openRecords } from './records.ts'
import type { Sample } from './sample.ts'
import { type PathValues, surveyOf } from './survey.ts'
import { type Added, decodeAll, type Trial, type TrialOptions, tryLayout } from './trial.ts'
import type { TypeFound } from './types-found.ts'

/** What an inspection takes of the configuration. */
export interface Inspecting {
  readonly decoding: Omit<DecodeOptions, 'layout' | 'extraFields'>
  /** About the newest records of a topic. */
  readNewest(topic: string, count: number): Promise<readonly Sample[]>
}

interface FieldFound {
  readonly field: LayoutField
  /** Where it is, the first that has a value; empty where no record has it. */
  readonly paths: readonly string[]
  /** Of the records that could be read. */
  readonly share: number
  readonly example: unknown
}

/** What records look like, and the layout that would read them. */
export interface Inspection {
  readonly records: number
  /** Those that are JSON objects, or several. */
  readonly readable: number
  readonly envelopes: ReadonlyMap<EnvelopeKind, number>
  readonly layout: LayoutName
  readonly fields: readonly FieldFound[]
  readonly types: readonly TypeFound[]
  /** Events of the proposed layout, of how many parts of the records, and what is wrong with the rest. */
  readonly events: number
  /** Those of the events whose type has a meaning. */
  readonly known: number
  readonly parts: number
  readonly faults: ReadonlyMap<Fault, number>
  readonly dead: ReadonlyMap<DeadReason, number>
  readonly skipped: ReadonlyMap<SkipReason, number>
  /** Of the time and the type, what no record has: without them there are no events. */
  readonly missing: readonly ('event_time' | 'event_type')[]
  /** Where none is the type: fields that may be. */
  readonly typeCandidates: readonly TypeCandidate[]
  /** An example of money that is whole numbers only: it may be cents. */
  readonly wholeMoney: string | undefined
  /** The currency of nearly all purchases, where it is not the configured one. */
  readonly currency: string | undefined
  /** What says the type in place of a field. */
  readonly eventType: Structure['eventType']
  /** Dates such as 11/12/2026 could be two, and no value decides. */
  readonly isDateOrderOpen: boolean
  /** Paths that no field uses. */
  readonly unused: readonly PathValues[]
  /** What the configuration needs beside the preset. */
  readonly added: Added
}

/** Below it the records may be lists of events. */
const minShare = 0.5

/** Tries every preset, completed by what names and values show, and takes the one that reads most. */
export function inspectValues(values: readonly Sample[], decoding: Inspecting['decoding']): Inspection {
  const opened = new Map<string, Pick<TrialOptions, 'records' | 'survey'>>()
  /** Most presets hold their events in one way: each is looked at once. */
  const openedBy = ({ eventsIn, text }: Structure) => {
    const name = JSON.stringify([eventsIn, text])
    const known = opened.get(name)
    if (known !== undefined) return known
    const records = openRecords(values, { eventsIn, text })
    const found = { records, survey: surveyOf(records.opened.map(({ record }) => record)) }
    opened.set(name, found)
    return found
  }
  const trials = (eventsIn: string | undefined) =>
    layoutNames.map(name => {
      const structure: Structure = (layouts[name] as Layout).structure ?? {}
      const options: TrialOptions = {
        values,
        eventsIn,
        decoding,
        ...openedBy(eventsIn === undefined ? structure : { ...structure, eventsIn })
      }
      return { options, trial: tryLayout(name, options) }
    })
  const plain = bestOf(trials(undefined))
  const lists = plain.trial.share < minShare ? eventLists(plain.options.records.opened) : []
  return inspectionOf(bestOf([plain, ...lists.flatMap(trials)]))
}

interface Tried {
  readonly options: TrialOptions
  readonly trial: Trial
}

/** Of what reads about as many records, the one that finds most in them and needs least; the first of several equal. */
function bestOf(all: readonly Tried[]): Tried {
  // A preset of which most must be said anew is not the layout.
  const fitting = all.filter(({ trial }) => trial.name === 'native' || trial.isMeant)
  const most = Math.max(...fitting.map(({ trial }) => trial.share))
  const [best] = fitting
    .filter(({ trial }) => trial.share >= most - 0.02)
    .toSorted((a, b) => b.trial.quality - a.trial.quality)
  return best as Tried
}

function inspectionOf({ options, trial }: Tried): Inspection {
  const { records, survey, values, decoding } = options
  const { opened, envelopes, readable } = records
  const { layout, name, added, types, decoded } = trial
  const fields = layoutFields.map((field): FieldFound => {
    const isThere = (path: string) => pathValues(opened, layout, [path]).length > 0
    const paths = (layout.fields[field] ?? []).filter(isThere)
    const found = fieldValues(opened, layout, field, paths)
    return { field, paths, share: found.length / Math.max(1, opened.length), example: found[0] }
  })
  // A number such as a day's would be a time of 1970.
  const times = fieldValues(opened, layout, 'event_time')
  const hasTime = times.filter(value => fits('event_time', value)).length * 2 > times.length
  const hasType =
    layout.structure?.eventType !== undefined ||
    fields.some(({ field, share }) => field === 'event_type' && share > 0)
  const used = usedPaths(layout, fields)
  const unused = survey.filter(({ path }) => !used.has(plain(path)))
  const currency = currencyOf(decoded, decoding)
  const read = currency === undefined ? decoded : decodeAll(layout, values, { ...decoding, currency })
  const moneyValues = (['price', 'order_total'] as const).flatMap(field => fieldValues(opened, layout, field))
  return {
    records: values.length,
    readable,
    envelopes,
    layout: name,
    fields: fields.filter(({ field, share }) => field !== 'order_total' || share > 0),
    types,
    ...judged(read),
    parts: decoded.length,
    missing: [...(hasTime ? [] : (['event_time'] as const)), ...(hasType ? [] : (['event_type'] as const))],
    typeCandidates: hasType ? [] : typeCandidates(unused, opened.length),
    wholeMoney: isScaled(layout) ? undefined : wholeMoney(moneyValues),
    currency,
    eventType: layout.structure?.eventType,
    isDateOrderOpen: dateOrderOf(times) === 'open',
    unused,
    added
  }
}

/** What the layout takes, with and without the step into a text. */
function usedPaths(layout: Layout, fields: readonly FieldFound[]): ReadonlySet<string> {
  const { eventType, ignore = [] } = layout.structure ?? {}
  const header =
    eventType !== undefined && 'header' in eventType ? [`${headerPrefix}${eventType.header}`] : []
  const paths = fields.flatMap(found => found.paths.flatMap(path => path.split(' + ')))
  return new Set([...paths, ...ignore.flatMap(Object.keys), ...header].map(plain))
}

const plain = (path: string): string => path.replaceAll('[json]', '').replaceAll('"', '')
const isScaled = ({ decimal, moneyScale = 0 }: Layout): boolean => decimal === 'base64' || moneyScale !== 0

function currencyOf(
  decoded: readonly DecodedPart[],
  { currency }: Inspecting['decoding']
): string | undefined {
  const codes = decoded.flatMap(part =>
    part.kind === 'event' && part.event.type === 'purchase' ? part.event.currency : []
  )
  const [first, count = 0] =
    [...Map.groupBy(codes, code => code)]
      .map(([code, all]) => [code, all.length] as const)
      .sort(([, a], [, b]) => b - a)[0] ?? []
  return first !== currency && first !== noCurrency && count > 0.9 * codes.length ? first : undefined
}

function judged(
  all: readonly DecodedPart[]
): Pick<Inspection, 'events' | 'known' | 'faults' | 'dead' | 'skipped'> {
  const faults = new Map<Fault, number>()
  const dead = new Map<DeadReason, number>()
  const skipped = new Map<SkipReason, number>()
  let events = 0
  for (const part of all) {
    if (part.kind === 'dead') dead.set(part.reason, (dead.get(part.reason) ?? 0) + 1)
    else if (part.kind === 'skipped') skipped.set(part.reason, (skipped.get(part.reason) ?? 0) + 1)
    else {
      events++
      for (const [fault, bit] of Object.entries(faultBits) as [Fault, number][])
        if ((part.event.faults & bit) !== 0) faults.set(fault, (faults.get(fault) ?? 0) + 1)
    }
  }
  return { events, known: events - (faults.get('unknown_type') ?? 0), faults, dead, skipped }
}
