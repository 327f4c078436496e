import { readFileSync } from 'node:fs'
import { isMap, isScalar, LineCounter, type Node, parseDocument } from 'yaml'
import { keep } from './formats.ts'
import type { Language } from './language.ts'

/** A text with the line of its key. */
interface Entry {
  readonly text: string
  readonly line: number
}

/** Texts by their keys, `kind.revenue_drop.title`. */
export interface Catalogue {
  readonly entries: ReadonlyMap<string, Entry>
  /** What is no catalogue, by line. */
  readonly faults: readonly { readonly line: number; readonly key: string; readonly message: string }[]
}

/** As a person sees it. */
export const placeOf = (language: Language): string => `locales/${language}.yaml`

const read = new Map<Language, Catalogue>()

/** Each is read once. */
export function catalogueOf(language: Language): Catalogue {
  const known = read.get(language)
  if (known) return known
  const source = readLocale(language)
  // Without the texts of one language messages are English; without those there are none.
  if (source === undefined && language === 'en') throw new Error(`${placeOf(language)} can't be read`)
  const catalogue = parseCatalogue(source ?? '')
  read.set(language, catalogue)
  return catalogue
}

/** The file's text; undefined where it cannot be read. */
export function readLocale(language: Language): string | undefined {
  try {
    return readFileSync(new URL(`../../${placeOf(language)}`, import.meta.url), 'utf8')
  } catch {
    return undefined
  }
}

/** Each text is parsed once: a catalogue that is checked is one that messages were written with. */
export const parseCatalogue = keep(parsed)

function parsed(source: string): Catalogue {
  const lines = new LineCounter()
  const { contents, errors } = parseDocument(source, { lineCounter: lines })
  const entries = new Map<string, Entry>()
  const faults = errors.map(({ message, pos }) => ({
    line: lines.linePos(pos[0]).line,
    key: '',
    message: message.split('\n')[0] ?? ''
  }))
  const lineOf = (node: Node) => lines.linePos(node.range?.[0] ?? 0).line

  function add(node: unknown, line: number, key: string): void {
    if (isMap<Node, Node>(node)) {
      for (const { key: name, value } of node.items) {
        const own = String(isScalar(name) ? name.value : name)
        add(value, lineOf(name), key === '' ? own : `${key}.${own}`)
      }
    } else if (isScalar(node) && typeof node.value === 'string') entries.set(key, { text: node.value, line })
    else if (node !== null) faults.push({ line, key, message: 'is no text' })
  }

  add(contents, 1, '')
  return { entries, faults }
}
