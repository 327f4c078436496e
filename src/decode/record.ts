import { contractFields, layoutFields } from './layout.ts'
import type { ExtraValue } from './types.ts'

/** One product of a record that lists several: nothing is known yet of its values' types. */
export interface RawLine {
  readonly product_id: unknown
  readonly category: unknown
  readonly price: unknown
  readonly quantity: unknown
}

/** A record's values by the contract's names: nothing is known yet of their types. */
export interface RawRecord extends RawLine {
  readonly event_time: unknown
  readonly event_type: unknown
  readonly event_id: unknown
  readonly user_id: unknown
  readonly session_id: unknown
  readonly currency: unknown
  readonly order_id: unknown
  readonly payment_method: unknown
  readonly country: unknown
  readonly device: unknown
  readonly order_total: unknown
  /** Undefined where the record is its one line. */
  readonly lines: readonly RawLine[] | undefined
  /** Of `contractFields`, as in `ShopEvent`. */
  readonly present: number
  readonly numeric: number
  readonly extra: readonly ExtraValue[]
}

export const fieldCount = contractFields.length
/** With the order's total, which is no field of an event. */
export const valueCount = layoutFields.length

/** `values` by the place of their field in `layoutFields`. */
export const recordOf = (
  values: readonly unknown[],
  lines: readonly RawLine[] | undefined,
  present: number,
  numeric: number,
  extra: readonly ExtraValue[]
): RawRecord => ({
  event_time: values[0],
  event_type: values[1],
  event_id: values[2],
  user_id: values[3],
  session_id: values[4],
  product_id: values[5],
  category: values[6],
  price: values[7],
  quantity: values[8],
  currency: values[9],
  order_id: values[10],
  payment_method: values[11],
  country: values[12],
  device: values[13],
  order_total: values[14],
  lines,
  present,
  numeric,
  extra
})

/** Absent, null and an empty text are the same. */
export const isAbsent = (value: unknown): boolean => value === undefined || value === null || value === ''
