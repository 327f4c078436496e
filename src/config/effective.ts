import type { z } from 'zod'
import { duration, parseDuration, parseShare, share } from '../../detectors/rules/units.ts'
import { formatSize, parseSize, size } from './byte-size.ts'
import { formatDuration, formatShare } from './format.ts'
import { onOff } from './schema-parts.ts'
import { maskingOf, maskText, scrub } from './secrets.ts'

/** A configuration in the form of its file, defaults filled in, secrets masked. */
export type EffectiveConfig = Readonly<Record<string, unknown>>

type Schema = z.core.$ZodTypes

/** What the schema makes of a valid input, in the form in which a person would have written it. Holds secrets. */
export function fillIn(schema: z.core.$ZodType, input: unknown): unknown {
  const { def } = (schema as Schema)._zod
  switch (def.type) {
    case 'default':
    case 'prefault':
      return fillIn(def.innerType, input === undefined ? def.defaultValue : input)
    case 'optional':
    case 'nullable':
    case 'readonly':
    case 'nonoptional':
    case 'catch':
      return input === undefined || input === null ? input : fillIn(def.innerType, input)
    case 'lazy':
      return fillIn(def.getter(), input)
    case 'pipe': {
      const known = units.find(unit => unit.schema._zod.def.out === def.out)
      if (known) return known.write(input as string | number | boolean)
      return fillIn((def.in as Schema)._zod.def.type === 'transform' ? def.out : def.in, input)
    }
    case 'object':
      return mapValues(def.shape, (inner, key) => fillIn(inner, Reflect.get(Object(input), key)))
    case 'record':
      return mapValues(Object(input), value => fillIn(def.valueType, value))
    case 'array':
      return Array.isArray(input) ? input.map(item => fillIn(def.element, item)) : input
    case 'union': {
      const fitting = def.options.find(option => (option as z.ZodType).safeParse(input).success)
      return fitting ? fillIn(fitting, input) : input
    }
    default:
      return input
  }
}

/** The schemas whose inputs have many forms for one meaning. A default may be given in the unit behind the border. */
const units: readonly { schema: z.ZodPipe; write(input: string | number | boolean): string }[] = [
  { schema: onOff, write: input => (input === true || input === 'on' ? 'on' : 'off') },
  { schema: duration, write: input => formatDuration(Number(parseDuration(String(input)) ?? input)) },
  { schema: share, write: input => formatShare(parseShare(String(input)) ?? Number(input)) },
  { schema: size, write: input => formatSize(parseSize(String(input)) ?? Number(input)) }
]

/** Masks every secret of a filled-in configuration, by the keys above it and by its value. */
export const mask = (value: unknown, secrets: ReadonlySet<string>): unknown =>
  eachLeaf(value, (leaf, path) =>
    typeof leaf === 'string' ? leaf && scrub(maskText(leaf, maskingOf(path)), secrets) : leaf
  )

/** A filled-in configuration without its secrets, for its hash: a new password is no new configuration. */
export const withoutSecrets = (value: unknown): unknown =>
  eachLeaf(value, (leaf, path) => (maskingOf(path) === 'open' ? leaf : undefined))

type Change = (leaf: unknown, path: readonly (string | number)[]) => unknown

/** Changes each leaf by its path; what becomes undefined is left out of its map. */
export function eachLeaf(value: unknown, change: Change, path: readonly (string | number)[] = []): unknown {
  if (Array.isArray(value)) return value.map((item, index) => eachLeaf(item, change, [...path, index]))
  if (typeof value !== 'object' || value === null) return change(value, path)
  return mapValues(value, (inner, key) => eachLeaf(inner, change, [...path, key]))
}

function mapValues(map: object, change: (value: never, key: string) => unknown): Record<string, unknown> {
  const entries = Object.entries(map).map(([key, value]) => [key, change(value as never, key)])
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined))
}
