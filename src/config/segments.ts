import { z } from 'zod'
import { contractFields } from '../decode/layout.ts'
import { parsePaths } from '../decode/path.ts'
import { combinationName, isContractText } from '../metrics/dimensions.ts'

/** A field of the contract that is text, or the path of a further one such as `shipping.method`. */
const dimension = z
  .string()
  .refine(name => parsePaths(name) !== undefined, {
    error: 'the name or path of a field, such as country or shipping.method'
  })
  .refine(name => isContractText(name) || !contractFields.some(field => field === name), {
    error: 'a field whose values are names, not a time or a number'
  })

const combination = z
  .union(
    [
      z.tuple([dimension, dimension]),
      z
        .string()
        .transform(text => text.split(/\s+[×x]\s+/))
        .pipe(z.tuple([dimension, dimension]))
    ],
    { error: 'two fields, such as [country, payment_method] or country × payment_method' }
  )
  .refine(([one, other]) => one !== other, { error: 'two different fields' })

/** Watched as far as they are dimensions, where nothing else is said. */
const watchedFirst = ['payment_method', 'country', 'category']
const isFirst = (watch: readonly string[]) => watch.join() === watchedFirst.join()

/** The `segments:` section. */
export const segmentsSection = z
  .strictObject({
    dimensions: z.array(dimension).prefault(['category', 'country', 'device', 'payment_method']),
    combinations: z.array(combination).prefault([]),
    top: z.int().min(1).max(1_000).prefault(50),
    max_values: z.int().min(10).max(100_000).prefault(1_000),
    watch: z.array(z.string()).prefault(watchedFirst)
  })
  .superRefine(({ dimensions, combinations, top, max_values, watch }, context) => {
    const names = dimensionNames({ dimensions, combinations })
    if (new Set(names).size < names.length) {
      context.addIssue({ code: 'custom', path: ['dimensions'], message: 'each dimension only once' })
    }
    if (top > max_values) {
      context.addIssue({ code: 'custom', path: ['top'], message: 'at most max_values' })
    }
    watch.forEach((name, place) => {
      if (isFirst(watch) || names.includes(dimensionSpelled(name))) return
      const message = `one of the dimensions or combinations: ${names.join(', ')}`
      context.addIssue({ code: 'custom', path: ['watch', place], message })
    })
  })
  .transform(({ max_values, watch, ...rest }) => ({
    ...rest,
    maxValues: max_values,
    watch: isFirst(watch) ? watch.filter(name => rest.dimensions.includes(name)) : watch.map(dimensionSpelled)
  }))
  .prefault({})

/** Of fields and of combinations. */
export const dimensionNames = ({ dimensions, combinations }: Dimensions): readonly string[] => [
  ...dimensions,
  ...combinations.map(([one, other]) => combinationName(one, other))
]

interface Dimensions {
  readonly dimensions: readonly string[]
  readonly combinations: readonly (readonly [string, string])[]
}

/** `country x payment_method` is `country × payment_method`. */
export const dimensionSpelled = (name: string) => name.replace(/\s+[×x]\s+/, ' × ')
