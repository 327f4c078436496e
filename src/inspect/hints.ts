import { type PathValues, type Scalar, textOf } from './survey.ts'

/** A field that may say what an event is: few texts, each of which comes again and again. */
export interface TypeCandidate {
  readonly path: string
  /** The most frequent first. */
  readonly values: readonly string[]
}

const mostTypes = 50
const mostCandidates = 3
const leastValues = 10
const leastShare = 0.9

/** Fields that nearly every record has and that no other meaning has taken, the likeliest first. */
export function typeCandidates(unused: readonly PathValues[], records: number): readonly TypeCandidate[] {
  return unused
    .filter(({ list, records: own }) => list === undefined && own >= leastShare * records)
    .flatMap(({ path, values }) => {
      const counts = [...Map.groupBy(values.map(textOf), text => text)]
        .map(([text, all]) => ({ text, count: all.length }))
        .sort((a, b) => b.count - a.count)
      const isFew = counts.length > 1 && counts.length <= Math.min(mostTypes, values.length / 4)
      return isFew && values.every(isWordOrCode) ? [{ path, values: counts.map(({ text }) => text) }] : []
    })
    .sort((a, b) => b.values.length - a.values.length)
    .slice(0, mostCandidates)
}

const isWordOrCode = (value: Scalar): boolean =>
  (typeof value === 'string' && value.length <= 60 && /\p{L}/u.test(value)) || Number.isSafeInteger(value)

/** Money in whole numbers only, such as cents: an example, where it looks like units. */
export function wholeMoney(values: readonly Scalar[]): string | undefined {
  const plain = values.filter(value => typeof value !== 'object').map(textOf)
  const isWhole = plain.length >= leastValues && plain.every(text => /^\d+$/.test(text))
  return isWhole && plain.filter(text => text.length > 2).length * 2 > plain.length ? plain[0] : undefined
}

/** A name that says that its money is in minor units. */
export const isMinorName = (name: string): boolean =>
  /(?:^|[^a-z])(?:cents?|minor|pence)(?:$|[^a-z])/i.test(spaced(name))

const spaced = (name: string): string => name.replace(/([a-z])([A-Z])/g, '$1 $2').replaceAll('_', ' ')
