import { contractFields, furtherPathsOf, type Layout } from '../layout.ts'
import { parsePaths } from '../path.ts'

/** What the keys of flat records hold. */
export interface ScanKeys {
  /** The place of each key that is wanted, or that must not be there. */
  readonly placeOf: ReadonlyMap<string, number>
  /** By place: the fields, by their places in `contractFields`; those of none hold a further field, or an envelope. */
  readonly fields: readonly (readonly number[])[]
  /** By place: that of the further field, or -1. */
  readonly extras: readonly number[]
  readonly extraCount: number
}

/** Around an event they tell that it lies deeper, or is a change of a row. */
const envelopeKeys = ['payload', 'before', 'after', 'database', 'metadata', 'specversion'] as const
/** A bit each says which have come. */
const maxKeys = 31

/**
 * The keys of a layout whose records can be read from their bytes; undefined where its fields lie deeper, or in several places, or
 * mean more than their JSON says: those are parsed.
 */
export function scanKeysOf(layout: Layout, extraFields: readonly string[]): ScanKeys | undefined {
  if (!isPlain(layout)) return undefined
  const fieldsOf = new Map<string, number[]>()
  for (const [place, field] of contractFields.entries()) {
    const [path, ...others] = layout.fields[field] ?? []
    if (path === undefined) continue
    const name = nameOf(path)
    if (name === undefined || others.length > 0) return undefined
    fieldsOf.set(name, [...(fieldsOf.get(name) ?? []), place])
  }
  // A time is no text, so no other field can share its key.
  if ([...fieldsOf.values()].some(([first, second]) => first === 0 && second !== undefined)) return undefined
  const extraNames = extraFields.map(field => onlyNameOf(furtherPathsOf(layout, field)))
  const isFlat = extraNames.every(name => name !== undefined && !fieldsOf.has(name))
  if (!isFlat || new Set(extraNames).size !== extraNames.length) return undefined
  const extras = new Map(extraNames.map((name, place) => [name as string, place]))
  const names = [...new Set([...fieldsOf.keys(), ...extras.keys(), ...envelopeKeys])]
  if (names.length > maxKeys) return undefined
  return {
    placeOf: new Map(names.map((name, place) => [name, place])),
    fields: names.map(name => fieldsOf.get(name) ?? []),
    extras: names.map(name => extras.get(name) ?? -1),
    extraCount: extras.size
  }
}

const isPlain = ({ fields, timeUnit, timezone, absent, structure }: Layout): boolean =>
  timeUnit === 'auto' &&
  // A time without a zone is read as UTC.
  (timezone === undefined || timezone === 'UTC') &&
  absent.length === 0 &&
  (structure?.eventType ?? structure?.eventsIn ?? structure?.text) === undefined &&
  (structure?.ignore ?? []).length === 0 &&
  (fields.order_total ?? []).length === 0

const onlyNameOf = ([path, ...others]: readonly string[]): string | undefined =>
  path === undefined || others.length > 0 ? undefined : nameOf(path)

/** The key of a path that is one key of the record; of ASCII, since bytes are compared. */
function nameOf(text: string): string | undefined {
  const [path, ...others] = parsePaths(text) ?? []
  const [step, ...further] = path ?? []
  return step?.kind === 'name' &&
    others.length === 0 &&
    further.length === 0 &&
    /^(?!header:)[ -~]+$/.test(step.name)
    ? step.name
    : undefined
}
