import { betweenOf, firstOf, pathsOf } from '../decode/alternatives.ts'
import type { Envelope } from '../decode/envelope.ts'
import type { Layout, LayoutField } from '../decode/layout.ts'
import { isAbsent } from '../decode/record.ts'
import { isValue } from './fits.ts'
import type { Scalar } from './survey.ts'

/** The plain values at the first of these places that has one, of each record with such; of a list, its first entry's. */
export function pathValues(
  opened: readonly Envelope[],
  layout: Layout,
  places: readonly string[]
): readonly Scalar[] {
  const read = firstOf(places.map(pathsOf), layout)
  return opened.map(({ record }) => read(record)).filter(isScalar)
}

/** The same of a field; its envelope's value if the record has none. */
export function fieldValues(
  opened: readonly Envelope[],
  layout: Layout,
  field: LayoutField,
  places: readonly string[] = layout.fields[field] ?? []
): readonly Scalar[] {
  const read = firstOf(places.map(pathsOf), layout, betweenOf(field))
  return opened
    .map(envelope => {
      const value = read(envelope.record)
      return isAbsent(value) ? envelopeValue(field, envelope) : value
    })
    .filter(isScalar)
}

function envelopeValue(field: LayoutField, { time, type, id }: Envelope): unknown {
  switch (field) {
    case 'event_time':
      return time
    case 'event_type':
      return type
    case 'event_id':
      return id
    default:
      return undefined
  }
}

const isScalar = (value: unknown): value is Scalar =>
  (typeof value === 'string' && value !== '') ||
  typeof value === 'number' ||
  typeof value === 'boolean' ||
  (typeof value === 'object' && value !== null && isValue(value))
