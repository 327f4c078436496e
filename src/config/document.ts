import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseDocument,
  type YAMLError
} from 'yaml'
import { type ConfigError, errorAt, pathText } from './errors.ts'
import { interpolate, type LookUp } from './interpolate.ts'
import type { RuleId } from './rules/rules.ts'

/** Where a value of the configuration comes from. */
export interface Origin {
  /** As `ConfigError.place`. */
  readonly place: string
  readonly line?: number
  readonly column?: number
  /** Its key in the file, where it has one. */
  readonly key?: Origin
  /** Variables it was made of. */
  readonly variables: readonly string[]
  /** Made of variables without quotes: may be read as a number or as true and false. */
  readonly plain: boolean
  /** Written as an encrypted text. */
  readonly isEncrypted?: boolean
}

export interface Settings {
  /** Plain objects, lists and scalars, interpolated; what was left empty is undefined. */
  readonly value: Record<string, unknown>
  /** By `pathText`. */
  readonly origins: Map<string, Origin>
  readonly errors: ConfigError[]
  /** The places of values that cannot be had: that does not matter, or has its error. */
  readonly open: (readonly PropertyKey[])[]
  /** False where the file can't be understood at all, and judging its values would mislead. */
  readonly readable: boolean
}

/** A file may use aliases, but not to grow without bound. */
const maxNodes = 50_000

/** Reads one YAML document, with the place of everything in it. `lookUpAt` gives the variables at a path. */
export function readDocument(
  source: string,
  file: string,
  lookUpAt: (path: readonly PropertyKey[]) => LookUp
): Settings {
  const lines = new LineCounter()
  const document = parseDocument(source, { lineCounter: lines, prettyErrors: false, logLevel: 'error' })
  const origins = new Map<string, Origin>()
  const errors: ConfigError[] = []
  const open: (readonly PropertyKey[])[] = []
  let nodes = 0

  const at = (offset: number, more: Partial<Origin> = {}): Origin => {
    const { line, col: column } = lines.linePos(offset)
    return { place: `${file}:${line}:${column}`, line, column, variables: [], plain: false, ...more }
  }
  const refuse = (
    origin: Origin,
    path: readonly PropertyKey[],
    message: string,
    rule: RuleId = 'yaml-syntax'
  ) => {
    errors.push(errorAt(origin, path, message, rule))
    return undefined
  }

  function read(
    node: Node | null,
    path: readonly PropertyKey[],
    key: Origin | undefined,
    above: readonly Node[]
  ): unknown {
    const origin = at(node?.range?.[0] ?? 0, key && { key })
    const here = node?.range ? origin : (key ?? origin)
    origins.set(pathText(path), here)
    if (++nodes > maxNodes || (node && above.includes(node))) {
      return refuse(here, path, 'is too large or contains itself; expected a plain value')
    }
    if (isAlias(node))
      return read(node.resolve(document as Document) as Node | null, path, key, [...above, node])
    if (isScalar(node)) return readScalar(node.value, node.type === 'PLAIN', path, origin)
    const within = node ? [...above, node] : above
    if (isSeq<Node>(node))
      return node.items.map((item, index) => read(item, [...path, index], undefined, within))
    if (!isMap<Node, Node>(node)) return undefined
    // Without a prototype a key such as __proto__ is a key like any other, and is refused as unknown.
    const map: Record<string, unknown> = Object.create(null)
    for (const pair of node.items) {
      const keyOrigin = at(pair.key.range?.[0] ?? 0)
      const name = isScalar(pair.key) ? String(pair.key.value) : undefined
      if (name === undefined || name === '__proto__')
        refuse(keyOrigin, path, 'has a key that is not a name; expected a word')
      else if (!(name in map)) map[name] = read(pair.value, [...path, name], keyOrigin, within)
    }
    return map
  }

  function readScalar(value: unknown, plain: boolean, path: readonly PropertyKey[], origin: Origin): unknown {
    if (typeof value !== 'string') return value ?? undefined
    const { text, names, problems, isOpen } = interpolate(value, lookUpAt(path))
    if (isOpen) open.push(path)
    if (names.length) origins.set(pathText(path), { ...origin, variables: names, plain })
    for (const problem of problems) refuse(origin, path, problem, 'unresolved-variable')
    return problems.length || (plain && names.length && text === '') ? undefined : text
  }

  for (const { offset, message } of syntaxErrors(document.errors, source, lines))
    refuse(at(offset), [], message)
  const readable = document.errors.every(({ code }) => code === 'DUPLICATE_KEY' || code === 'MULTIPLE_DOCS')
  const content = readable ? read(document.contents as Node | null, [], undefined, []) : undefined
  if (content !== undefined && !isMap(document.contents)) {
    refuse(at(document.contents?.range?.[0] ?? 0), [], 'expected keys and values, such as pipeline: shop')
    return { value: {}, origins, errors, open, readable: false }
  }
  return { value: (content ?? {}) as Record<string, unknown>, origins, errors, open, readable }
}

/** Further errors of a line mostly follow from its first, which alone is reported. */
function syntaxErrors(errors: readonly YAMLError[], source: string, lines: LineCounter) {
  const wrongLines = new Set<number>()
  return errors.flatMap(({ code, pos: [offset], message }) => {
    if (code === 'DUPLICATE_KEY') {
      const name = /^[^:\r\n]*/.exec(source.slice(offset))?.[0].trim()
      return { offset, message: `the key ${name} is given twice; keep one of them` }
    }
    if (code === 'MULTIPLE_DOCS')
      return { offset, message: 'a second document begins here (---); expected one document' }
    const { line } = lines.linePos(offset)
    if (wrongLines.has(line)) return []
    wrongLines.add(line)
    return { offset, message: `this is not YAML: ${message}${remedy(code, source.split('\n')[line - 1])}` }
  })
}

function remedy(code: string, line = ''): string {
  if (code === 'TAB_AS_INDENT') return '; use spaces'
  return /[{[].*[^"']\$\{/.test(line) ? `; within { } and [ ] a \${NAME} needs quotes` : ''
}
