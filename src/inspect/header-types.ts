import { headerPrefix } from '../decode/headers.ts'
import type { EventType, TypeMeaning } from '../decode/layout.ts'
import { type PathValues, textOf } from './survey.ts'
import { meaningOf } from './type-words.ts'

/** A header that says what each record is, where its value does not. */
export interface HeaderType {
  readonly header: string
  readonly eventTypes: Readonly<Record<string, TypeMeaning>>
}

const typeName = /(^|[^a-z])(event|type|topic|action|kind)$/i
const maxTypes = 50

/** Records of several kinds in one topic differ in a header such as X-Shopify-Topic. */
export function headerTypeOf(
  survey: readonly PathValues[],
  records: number,
  constant: EventType | undefined
): HeaderType | undefined {
  const candidates = survey.filter(({ path, values, records: seen }) => {
    const distinct = new Set(values.map(textOf)).size
    const isSome =
      seen > 0.9 * records && distinct >= (constant === undefined ? 1 : 2) && distinct <= maxTypes
    return path.startsWith(headerPrefix) && typeName.test(path) && isSome
  })
  const [first] = candidates.toSorted((a, b) => knownIn(b) - knownIn(a))
  if (first === undefined) return undefined
  const names = [...new Set(first.values.map(textOf))].sort()
  return {
    header: first.path.slice(headerPrefix.length),
    eventTypes: constant === 'purchase' ? orderTypes(names) : typesByWords(names)
  }
}

const knownIn = ({ values }: PathValues): number =>
  values.filter(value => meaningOf(textOf(value)) !== undefined).length

const typesByWords = (names: readonly string[]): Readonly<Record<string, TypeMeaning>> =>
  Object.fromEntries(
    names.flatMap(name => {
      const meaning = meaningOf(name)
      return meaning === undefined ? [] : [[name, meaning] as const]
    })
  )

/** Of the messages about one order, one is the purchase: that it was made, else that it was paid. */
function orderTypes(names: readonly string[]): Readonly<Record<string, TypeMeaning>> {
  const bought =
    names.find(name => /creat|placed/i.test(name)) ?? names.find(name => /paid|complet/i.test(name))
  return Object.fromEntries(names.map(name => [name, name === bought ? 'purchase' : 'other']))
}
