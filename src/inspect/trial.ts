import { createDecode } from '../decode/decode.ts'
import type { Envelope } from '../decode/envelope.ts'
import { headerPrefix } from '../decode/headers.ts'
import { type Layout, type LayoutField, layoutFields, type TypeMeaning } from '../decode/layout.ts'
import { type LayoutName, layouts } from '../decode/layouts/catalogue.ts'
import { quoteName } from '../decode/path.ts'
import type { Structure } from '../decode/structure.ts'
import { type DecodedPart, type DecodeOptions, faultBits } from '../decode/types.ts'
import { scoreOf } from './candidates.ts'
import { type DateOrder, dateOrderOf } from './date-order.ts'
import { fits, isBase64 } from './fits.ts'
import { headerTypeOf } from './header-types.ts'
import { isMinorName } from './hints.ts'
import { type Proposed, proposeFields } from './propose.ts'
import { fieldValues, pathValues } from './reading.ts'
import type { openRecords } from './records.ts'
import { type Sample, sampleOf } from './sample.ts'
import { splitTime } from './split-time.ts'
import type { PathValues } from './survey.ts'
import { type TypeFound, typesOf } from './types-found.ts'

/** What a configuration says beside the preset. */
export interface Added {
  readonly fields: Proposed
  readonly eventTypes: Readonly<Record<string, TypeMeaning>>
  readonly eventType: Structure['eventType']
  readonly eventsIn: string | undefined
  readonly decimal: 'base64' | undefined
  readonly dateOrder: DateOrder | undefined
  /** In what units money is, where its name says so. */
  readonly scale: 'currency' | undefined
}

/** A layout that was tried on the records, and what it makes of them. */
export interface Trial {
  readonly name: LayoutName
  readonly added: Added
  readonly layout: Layout
  readonly types: readonly TypeFound[]
  readonly decoded: readonly DecodedPart[]
  /** Of the records that are not left out, those that are events of a known type. */
  readonly share: number
  /** The more, the better it reads them. */
  readonly quality: number
  /** The preset finds most by itself; one of orders finds all that makes an order. */
  readonly isMeant: boolean
}

export interface TrialOptions {
  readonly values: readonly Sample[]
  readonly records: ReturnType<typeof openRecords>
  readonly survey: readonly PathValues[]
  readonly eventsIn: string | undefined
  readonly decoding: Omit<DecodeOptions, 'layout' | 'extraFields'>
}

/** Completes a preset by what the records show, and reads them by it. */
export function tryLayout(name: LayoutName, options: TrialOptions): Trial {
  const { records, survey, eventsIn } = options
  const { opened } = records
  const preset: Layout = layouts[name]
  const has = (field: LayoutField) => isFound(opened, preset, field)
  const of = {
    records: opened.length,
    mayBeBase64: opened.every(({ kind }) => kind === 'change' || kind === 'connect')
  }
  const givenType = preset.structure?.eventType
  const found = new Set(
    layoutFields.filter(field => has(field) || (field === 'event_type' && givenType !== undefined))
  )
  const proposed = proposeFields(survey, {
    wanted: new Set(layoutFields.filter(field => !found.has(field))),
    taken: new Set([...found].flatMap(field => preset.fields[field] ?? [])),
    areThings: !survey.some(seen => scoreOf('event_type', seen, of) > 0),
    ...of
  })
  const moment = found.has('event_time') || proposed.event_time ? undefined : splitTime(survey)
  const fields: Proposed = moment === undefined ? proposed : { ...proposed, event_time: [moment] }
  const merged: Layout = { ...preset, fields: { ...preset.fields, ...fields } }
  const isOrders = areOrders(opened, merged)
  const constant = givenType !== undefined && 'constant' in givenType ? givenType.constant : undefined
  const fieldTypes = givenType === undefined ? fieldValues(opened, merged, 'event_type') : []
  const byHeader = fieldTypes.length === 0 ? headerTypeOf(survey, opened.length, constant) : undefined
  const typeValues =
    byHeader === undefined
      ? fieldTypes
      : pathValues(opened, preset, [quoteName(`${headerPrefix}${byHeader.header}`)])
  const types = typesOf(
    typeValues,
    { ...preset, eventTypes: { ...preset.eventTypes, ...byHeader?.eventTypes } },
    opened,
    isOrders
  )
  const eventTypes =
    byHeader?.eventTypes ??
    Object.fromEntries(
      types.flatMap(({ name: type, meaning }) =>
        meaning === undefined || Object.hasOwn(preset.eventTypes, type) ? [] : [[type, meaning]]
      )
    )
  const constantType =
    typeValues.length === 0 && givenType === undefined && isOrders
      ? ({ constant: 'purchase' } as const)
      : undefined
  const eventType = byHeader === undefined ? constantType : { header: byHeader.header }
  const dateOrder = dateOrderOf(fieldValues(opened, merged, 'event_time'))
  const isMeant =
    found.size > Object.keys(fields).length &&
    (givenType === undefined || (found.has('event_time') && areOrders(opened, preset)))
  const money = [...(fields.price ?? []), ...(fields.order_total ?? [])]
  const isCoded = survey.some(({ path, values }) => money.includes(path) && values.every(isBase64))
  const isMinor = !isCoded && money.length > 0 && money.every(isMinorName)
  const added: Added = {
    fields,
    eventTypes,
    eventType,
    eventsIn,
    decimal: isCoded ? 'base64' : undefined,
    dateOrder: dateOrder === 'open' ? undefined : dateOrder,
    scale: isMinor ? 'currency' : undefined
  }
  const layout: Layout = {
    ...merged,
    eventTypes: { ...preset.eventTypes, ...eventTypes },
    ...(added.dateOrder !== undefined && { dateOrder: added.dateOrder }),
    ...(isCoded && { decimal: 'base64' as const, moneyScale: scaleOfBase64 }),
    ...(isMinor && { moneyScale: 'currency' as const }),
    structure: { ...preset.structure, ...(eventType && { eventType }), ...(eventsIn && { eventsIn }) }
  }
  return { name, added, layout, types, isMeant, ...judged(layout, options, countOf(added)) }
}

/** The decimals of most currencies: the text says only the digits. */
export const scaleOfBase64 = 2

/** Whether the preset's places of a field have values that can be the field's. */
function isFound(opened: readonly Envelope[], preset: Layout, field: LayoutField): boolean {
  // The time of a change is only the next best to one of its row.
  const isRowTime = field === 'event_time' && opened.some(({ kind }) => kind === 'change')
  const values = isRowTime
    ? pathValues(opened, preset, preset.fields[field] ?? [])
    : fieldValues(opened, preset, field)
  return values.length > 0 && values.filter(value => fits(field, value)).length * 2 > values.length
}

/** Nearly all records have a time, an order's id and money: then they are orders. */
function areOrders(opened: readonly Envelope[], layout: Layout): boolean {
  const shareOf = (field: LayoutField) =>
    fieldValues(opened, layout, field).length / Math.max(1, opened.length)
  const money = Math.max(shareOf('price'), shareOf('order_total'))
  return shareOf('event_time') > 0.9 && shareOf('order_id') > 0.9 && money > 0.9
}

const countOf = ({ fields, eventType, eventsIn }: Added): number =>
  Object.keys(fields).length + (eventType ? 1 : 0) + (eventsIn ? 1 : 0)

function judged(
  layout: Layout,
  { values, decoding }: TrialOptions,
  addedCount: number
): Pick<Trial, 'decoded' | 'share' | 'quality'> {
  const decoded = decodeAll(layout, values, decoding)
  const usable = decoded.flatMap(part =>
    part.kind === 'event' && (part.event.faults & faultBits.unknown_type) === 0 ? part.event : []
  )
  const tried = decoded.filter(({ kind }) => kind !== 'skipped').length
  const present = usable.reduce((sum, event) => sum + bitCount(event.present), 0)
  const faulty = usable.filter(({ faults }) => (faults & moneyFaults) !== 0).length
  const each = Math.max(1, usable.length)
  return {
    decoded,
    share: usable.length / Math.max(1, tried),
    quality: (present - 5 * faulty) / each - 0.2 * addedCount
  }
}

/** What a layout makes of records. */
export function decodeAll(
  layout: Layout,
  values: readonly Sample[],
  decoding: TrialOptions['decoding']
): readonly DecodedPart[] {
  const decode = createDecode({ ...decoding, layout })
  return values.map(sampleOf).flatMap(({ value, headers }) => {
    const record = decode(value, headers)
    return record.kind === 'several' ? record.parts : [record]
  })
}

const moneyFaults = faultBits.missing_price | faultBits.invalid_price | faultBits.negative_price

function bitCount(bits: number): number {
  let count = 0
  for (let rest = bits; rest !== 0; rest &= rest - 1) count++
  return count
}
