/** A step towards a value: into a key, into a list at a place, to the entry whose key has a value, or to every entry. */
type Step =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'index'; readonly index: number }
  | { readonly kind: 'where'; readonly key: string; readonly value: string }
  | { readonly kind: 'each' }
export type Path = readonly Step[]

const maxLength = 256
const step = /(?<=^|\.)(?:"([^"]+)"|([^\s."[\]+]+))|\[(\d{1,4})\]|\[([^\s"=[\]]+)=([^[\]]+)\]|(\[\])/y

/**
 * Reads `payload.user.id`, `items[].price`, `items[0].currency`, `params[key=page].value`; a key with dots or spaces
 * stands in quotes. Paths joined by ` + ` make one text of their values. Undefined where it is none of these.
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
    const [, quoted, bare, index, key, value, each] = match ?? []
    const name = quoted ?? bare
    if (name !== undefined) path.push({ kind: 'name', name })
    else if (path.length === 0) return undefined
    else if (index !== undefined) path.push({ kind: 'index', index: Number(index) })
    else if (key !== undefined && value !== undefined) path.push({ kind: 'where', key, value })
    else if (each !== undefined) path.push({ kind: 'each' })
    else return undefined
  }
  return path.length === 0 ? undefined : path
}

/** A key as it is written in a path. */
export const quoteName = (name: string): string => (/^[^\s."[\]+]+$/.test(name) ? name : `"${name}"`)

/** What lies at a path of parsed JSON; of a list that is asked for one value, the first. Own keys only. */
export function valueAt(record: unknown, path: Path): unknown {
  let value = record
  for (const each of path) {
    if (typeof value !== 'object' || value === null) return undefined
    value = next(value, each)
  }
  return value
}

function next(value: object, step: Step): unknown {
  if (step.kind === 'name') {
    return !Array.isArray(value) && Object.hasOwn(value, step.name)
      ? (value as Record<string, unknown>)[step.name]
      : undefined
  }
  if (!Array.isArray(value)) return undefined
  switch (step.kind) {
    case 'index':
      return value[step.index]
    case 'each':
      return value[0]
    case 'where':
      return value.find(entry => isNamed(valueAt(entry, [{ kind: 'name', name: step.key }]), step.value))
    default:
      return step satisfies never
  }
}

/** Only plain values have a name: what an object is as a text is up to who wrote it, and may throw. */
const isNamed = (key: unknown, name: string): boolean =>
  key === name || ((typeof key === 'number' || typeof key === 'boolean') && String(key) === name)
