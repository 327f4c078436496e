import { isObject, parseInner } from './json.ts'

/**
 * A step towards a value: into a key, into a list at a place, to the entry whose key has a value, to every entry, or
 * into the JSON that a text holds.
 */
type Step =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'where'; readonly key: Path; readonly value: string }
  | { readonly kind: 'each' }
  | { readonly kind: 'json' }
export type Path = readonly Step[]

const maxLength = 256
const step =
  /(?<=^|\.)(?:"([^"]+)"|([^\s."[\]+]+))|\[(\d{1,4})\]|\[([^\s"=[\]]+)=([^[\]]+)\]|(\[\])|(\[json\])/y

/**
 * Reads `payload.user.id`, `items[].price`, `items[0].currency`, `params[key=page].value`, `payload[json].user`; a key with
 * dots or spaces stands in quotes. Paths joined by ` + ` make one text of their values. Undefined where it is none of these.
 */
export function parsePaths(text: string): readonly Path[] | undefined {
  if (text.length > maxLength) return undefined
  const paths = text.split(' + ').map(parsePath)
  return paths.some(path => path === undefined) ? undefined : (paths as Path[])
}

function parsePath(text: string): Path | undefined {
  const path: Step[] = []
  for (let at = 0; at < text.length; at = step.lastIndex) {
    if (path.length > 0 && text[at] === '.') at++
    step.lastIndex = at
    const match = step.exec(text)
    const [, quoted, bare, index, key, value, each, json] = match ?? []
    const name = quoted ?? bare
    if (name !== undefined) path.push({ kind: 'name', name })
    else if (path.length === 0) return undefined
    else if (index !== undefined) path.push({ kind: 'index', index: Number(index) })
    else if (key !== undefined && value !== undefined)
      path.push({ kind: 'where', key: [{ kind: 'name', name: key }], value })
    else if (each !== undefined) path.push({ kind: 'each' })
    else if (json !== undefined) path.push({ kind: 'json' })
    else return undefined
  }
  return path.length === 0 ? undefined : path
}

/** A key as it is written in a path. */
export const quoteName = (name: string): string => (/^[^\s."[\]+]+$/.test(name) ? name : `"${name}"`)

/** What lies at a path of parsed JSON; of a list that is asked for one value, the first. Own keys only. */
export function valueAt(record: unknown, path: Path): unknown {
  let value = record
  for (let at = 0; at < path.length; at++) {
    const step = path[at]!
    if (step.kind === 'json') {
      const inner = withoutUnion(value)
      value = typeof inner === 'string' ? parseInner(inner) : inner
    } else if (typeof value !== 'object' || value === null) {
      return undefined
    } else if (step.kind !== 'name') {
      value = entryAt(withoutUnion(value), step)
    } else if (Object.hasOwn(value, step.name)) {
      value = Array.isArray(value) ? undefined : (value as Record<string, unknown>)[step.name]
    } else {
      const found = keyOf(value, path, at) ?? keyWithin(value, path, at)
      if (found === undefined) return undefined
      value = found.value
      at = found.at
    }
  }
  return withoutUnion(value)
}

/** The key of one step; in a flat record one key may hold the names of several: `"payload.user.id"`. */
function keyOf(
  holder: unknown,
  path: Path,
  from: number
): { readonly value: unknown; readonly at: number } | undefined {
  if (!isObject(holder)) return undefined
  const keys = keysFrom(path, from)
  for (let index = 0; index < keys.length; index++) {
    const key = keys[index] as string
    if (Object.hasOwn(holder, key))
      return { value: (holder as Record<string, unknown>)[key], at: from + index }
  }
  return undefined
}

/** The same in the value of a union. */
function keyWithin(holder: object, path: Path, from: number) {
  const inner = withoutUnion(holder)
  return inner === holder ? undefined : keyOf(inner, path, from)
}

const knownKeys = new WeakMap<Path, (readonly string[])[]>()

/** The keys that the names from a place on may make. They are made once: most records lack some of what a layout asks for. */
function keysFrom(path: Path, from: number): readonly string[] {
  let known = knownKeys.get(path)
  if (known === undefined) {
    known = []
    knownKeys.set(path, known)
  }
  const keys = known[from] ?? joinedNames(path, from)
  known[from] = keys
  return keys
}

function joinedNames(path: Path, from: number): readonly string[] {
  const keys: string[] = []
  for (let at = from; at < path.length; at++) {
    const step = path[at]
    if (step?.kind !== 'name') break
    keys.push(at === from ? step.name : `${keys.at(-1)}.${step.name}`)
  }
  return keys
}

const unionTypes: ReadonlySet<string> = new Set([
  'string',
  'int',
  'long',
  'float',
  'double',
  'boolean',
  'bytes',
  'array',
  'map'
])

/** The value of a union as Avro writes it in JSON, `{ "string": "x" }`; any other value as it is. */
export function withoutUnion(value: unknown): unknown {
  if (!isObject(value)) return value
  const keys = Object.keys(value)
  const type = keys[0]
  if (keys.length !== 1 || type === undefined) return value
  const inner = (value as Record<string, unknown>)[type]
  // A record's type is named with its namespace.
  return unionTypes.has(type) || (type.includes('.') && isObject(inner)) ? inner : value
}

function entryAt(value: unknown, step: Exclude<Step, { readonly kind: 'json' | 'name' }>): unknown {
  if (!Array.isArray(value)) return undefined
  switch (step.kind) {
    case 'index':
      return value[step.index]
    case 'each':
      return value[0]
    case 'where':
      return value.find(entry => isNamed(valueAt(entry, step.key), step.value))
    default:
      return step satisfies never
  }
}

/** Only plain values have a name: what an object is as a text is up to who wrote it, and may throw. */
const isNamed = (key: unknown, name: string): boolean =>
  key === name || ((typeof key === 'number' || typeof key === 'boolean') && String(key) === name)
