import { z } from 'zod'
import { patternOf } from '../decode/ignore.ts'
import { eventTypes } from '../decode/layout.ts'
import { parsePaths } from '../decode/path.ts'
import type { Structure } from '../decode/structure.ts'
import { trimmedText } from './schema-parts.ts'

const eventTypeError = '{ constant: purchase } with one of the eight types, or { header: a-header-name }'
const eventType = z.union(
  [z.strictObject({ constant: z.enum(eventTypes) }), z.strictObject({ header: trimmedText })],
  { error: eventTypeError }
)

const listError = 'the path of one list, such as batch[] or data.events[]'
const eventsIn = z.string().refine(isListPath, { error: listError })

const conditionError = 'a value, a list of values, or a pattern such as /bot/i'
const scalar = z.union([z.string(), z.number(), z.boolean()])
const condition = z
  .union([scalar, z.array(scalar).min(1)], { error: conditionError })
  .transform(value => (Array.isArray(value) ? value : [value]))
  .refine(values => values.every(value => patternOf(value) !== 'broken'), {
    error: 'a valid regular expression between the slashes'
  })
const pathError = 'a path without [], such as customer.email'
const conditions = z
  .record(
    z.string().refine(text => isPlainPath(text), { error: pathError }),
    condition
  )
  .refine(all => Object.keys(all).length > 0, { error: 'name at least one path with its value' })

/** How records hold events, of all topics or of one: parts of an object's shape. */
export const structureKeys = {
  event_type: eventType.optional(),
  events_in: eventsIn.optional(),
  ignore: z.array(conditions).optional()
}
export type StructureKeys = z.output<z.ZodObject<typeof structureKeys>>

/** What `keys` say, put over `base`; what either of them ignores is ignored. */
export function resolveStructure(keys: StructureKeys, base: Structure | undefined): Structure | undefined {
  const { event_type: type, events_in: list, ignore = [] } = keys
  if (type === undefined && list === undefined && ignore.length === 0) return base
  return {
    ...base,
    eventType: type ?? base?.eventType,
    eventsIn: list ?? base?.eventsIn,
    ignore: [...(base?.ignore ?? []), ...ignore]
  }
}

function isListPath(text: string): boolean {
  const paths = parsePaths(text) ?? []
  const [path = []] = paths
  const lists = path.filter(({ kind }) => kind === 'each')
  return paths.length === 1 && lists.length <= 1 && (lists.length === 0 || path.at(-1)?.kind === 'each')
}

function isPlainPath(text: string): boolean {
  const paths = parsePaths(text) ?? []
  return paths.length === 1 && paths.flat().every(({ kind }) => kind !== 'each')
}
