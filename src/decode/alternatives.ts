import { isLong } from './json.ts'
import type { Layout, LayoutField } from './layout.ts'
import { type Path, parsePaths, valueAt, withoutUnion } from './path.ts'
import { isAbsent } from './record.ts'

/** One place of a field: a path, or several whose values are joined. */
export type Paths = readonly Path[]
export type ReadValue = (record: unknown) => unknown

/** The places where a layout may have a field, in the order they are tried. */
export const alternativesOf = ({ fields }: Layout, field: LayoutField): readonly Paths[] =>
  (fields[field] ?? []).map(pathsOf)

/** What joins the values of a field: a date and a time of day make one moment. */
export const betweenOf = (field: LayoutField): string => (field === 'event_time' ? ' ' : '.')

/** Throws if the text is no path; the configuration has checked those of users. */
export function pathsOf(text: string): Paths {
  const paths = parsePaths(text)
  if (paths === undefined) throw new Error(`${JSON.stringify(text)} is no path`)
  return paths
}

/** Reads the first alternative that has a value. If none has, gives the first one's, so its fault can be named.
 * `between` stands between values that are joined. */
export function firstOf(alternatives: readonly Paths[], { absent }: Layout, between = '.'): ReadValue {
  const [only, ...others] = alternatives
  if (only === undefined) return () => undefined
  const [path] = only
  const [step] = path ?? []
  if (others.length === 0 && absent.length === 0 && only.length === 1 && path?.length === 1) {
    // By far the most frequent case, in every record that is parsed.
    if (step?.kind === 'name' && !(step.name in {})) {
      const { name } = step
      return record => (isRecord(record) ? withoutUnion(record[name]) : undefined)
    }
  }
  const texts = new Set<unknown>(absent)
  return function read(record) {
    const first = joined(record, only, between)
    if (!isAbsent(first) && !texts.has(first)) return first
    for (const paths of others) {
      const value = joined(record, paths, between)
      if (!isAbsent(value) && !texts.has(value)) return value
    }
    return isAbsent(first) ? first : undefined
  }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function joined(record: unknown, paths: Paths, between: string): unknown {
  const [only] = paths
  if (paths.length === 1 && only !== undefined) return valueAt(record, only)
  const parts = paths.map(path => valueAt(record, path))
  // Returned as it is, so that its digits are read again from the text.
  const long = parts.find(isLong)
  if (long !== undefined) return long
  return parts.every(part => (typeof part === 'string' && part !== '') || typeof part === 'number')
    ? parts.join(between)
    : undefined
}
