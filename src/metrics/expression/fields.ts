import type { ContractField } from '../../decode/layout.ts'
import type { EventLine, ExtraValue, ShopEvent } from '../../decode/types.ts'
import type { Amount } from '../../window/measure.ts'
import { textFields } from '../dimensions.ts'
import { exact } from '../measures.ts'

/** Reads a field of an event for conditions, in units. */
export interface FieldReader {
  readonly of: (event: ShopEvent) => ExtraValue
  /** Of an event with several products: what each of them has. */
  readonly ofLine?: (line: EventLine) => ExtraValue
}

const priceOf = ({ amount, quantity }: EventLine) =>
  amount === undefined || quantity === 0 ? undefined : Math.round(amount / quantity)

const units = (amount: number | undefined) => (amount === undefined ? undefined : amount / exact.scale)

/** The numbers of an event, as they are summed: exact to four places. */
const amounts: { readonly [field: string]: Amount } = {
  amount: { of: event => event.amount, scale: exact.scale, money: true },
  price: { ofLine: priceOf, scale: exact.scale, money: true },
  quantity: { of: ({ quantity }) => Math.round(quantity * exact.scale), scale: exact.scale }
}

const numbers: { readonly [field: string]: FieldReader } = {
  amount: { of: event => units(event.amount) },
  price: { of: event => units(priceOf(event)), ofLine: line => units(priceOf(line)) },
  quantity: { of: event => event.quantity }
}

/** A greater number is left out: its ten-thousandths would be no exact integer. */
const maxNumber = 9e11

export const isMoney = (field: string): boolean => amounts[field]?.money === true

/** What cannot be summed: its values are names. */
export const isName = (field: string): boolean => Object.hasOwn(textFields, field)

/** Neither of the contract nor computed of it: one that the decoder must read. */
export const isExtra = (field: string): boolean => !isName(field) && !Object.hasOwn(amounts, field)

export function readerOf(field: string, extraFields: readonly string[]): FieldReader {
  const known = textFields[field as ContractField] ?? numbers[field]
  if (known !== undefined) return known
  const place = extraFields.indexOf(field)
  return { of: event => event.extra[place] }
}

/** What a sum or quantile of the field adds up. */
export function addendOf(field: string, extraFields: readonly string[]): Amount {
  const known = amounts[field]
  if (known !== undefined) return known
  const { of } = readerOf(field, extraFields)
  return {
    scale: exact.scale,
    of: event => {
      const number = numberIn(of(event))
      return Math.abs(number) <= maxNumber ? Math.round(number * exact.scale) : undefined
    }
  }
}

/** A number, or a text of one; else NaN. */
export function numberIn(value: ExtraValue): number {
  if (typeof value === 'number') return value
  return typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : Number.NaN
}
