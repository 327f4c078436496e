import { InvalidArgumentError } from 'commander'

/** `7` or `7-9` as whole numbers. */
export function parseSeeds(text: string): readonly number[] {
  const [, from, to = from] = /^(\d+)(?:-(\d+))?$/.exec(text) ?? []
  const first = Number(from)
  const last = Number(to)
  if (!(last >= first)) throw new InvalidArgumentError('Give a seed such as 7, or a range such as 7-9.')
  return Array.from({ length: last - first + 1 }, (_, index) => first + index)
}

/** Visits a minute, such as `5,20`. */
export function parseRates(text: string): readonly number[] {
  const rates = text.split(',').map(Number)
  if (!rates.every(rate => rate > 0 && rate < Number.POSITIVE_INFINITY))
    throw new InvalidArgumentError('Give numbers above 0 with commas between them, such as 5,20.')
  return rates
}

/** Parses names with commas between them, each one of `known`. */
export const parseNames =
  <Name extends string>(known: readonly Name[]) =>
  (text: string): readonly Name[] =>
    text.split(',').map(given => {
      const name = known.find(one => one === given)
      if (name === undefined) throw new InvalidArgumentError(`Give one or more of ${known.join(', ')}.`)
      return name
    })
