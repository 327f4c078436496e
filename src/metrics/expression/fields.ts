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
  /** Of the event's value, `idPrint`; absent where only the value gives it. */
  readonly printOf?: (event: ShopEvent) => number
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

/** A field, or several multiplied, divided by a whole number. */
interface Addend {
  readonly field: string
  readonly times?: readonly string[]
  readonly per?: number
}

/** Its fields, which are numbers. */
export const factorsOf = ({ field, times = [] }: Addend): readonly string[] => [field, ...times]

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

/** What a sum or quantile adds up; `isOfMoney`: of a field that is not of the contract, in the event's currency. */
export function addendOf(
  { field, times = [], per = 1 }: Addend,
  extraFields: readonly string[],
  isOfMoney: boolean
): Amount {
  const scale = exact.scale * per
  const known = times.length === 0 ? amounts[field] : undefined
  if (known !== undefined) return { ...known, scale }
  const factors = [field, ...times].map(one => readerOf(one, extraFields).of)
  return {
    scale,
    ...(isOfMoney && { money: true }),
    of: event => {
      const number = factors.reduce((product, of) => product * numberIn(of(event)), 1)
      return Math.abs(number) <= maxNumber ? Math.round(number * exact.scale) : undefined
    }
  }
}

/** A number, or a text of one; else NaN. */
export function numberIn(value: ExtraValue): number {
  if (typeof value === 'number') return value
  return typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : Number.NaN
}
