import { isPair, isScalar, isSeq, LineCounter, parseAllDocuments, visit } from 'yaml'
import { type ConfigError, errorAt, pathText } from '../errors.ts'
import { isEncrypted } from './encrypted-text.ts'

/** An encrypted text in a YAML file. */
export interface PlacedText {
  /** As `ConfigError.place`. */
  readonly place: string
  readonly path: string
  readonly text: string
  /** Its offset in the file; undefined where it is written with escapes or over several lines. */
  readonly offset: number | undefined
}

/** Finds each, also as the default of a variable, in any YAML; or says why the file is none. */
export function encryptedTextsIn(
  source: string,
  file: string
): { readonly texts: readonly PlacedText[]; readonly errors: readonly ConfigError[] } {
  const lines = new LineCounter()
  const documents = parseAllDocuments(source, { lineCounter: lines, prettyErrors: false, logLevel: 'error' })
  const texts: PlacedText[] = []
  const errors: ConfigError[] = []
  const placeOf = (offset: number) => {
    const { line, col: column } = lines.linePos(offset)
    return { place: `${file}:${line}:${column}`, line, column }
  }
  for (const document of Array.isArray(documents) ? documents : []) {
    for (const { pos, message } of document.errors)
      errors.push(errorAt(placeOf(pos[0]), [], `this is not YAML: ${message}`, 'yaml-syntax'))
    visit(document, {
      Scalar(key, node, above) {
        if (key === 'key' || typeof node.value !== 'string' || !node.range) return
        const [from, to] = node.range
        for (const text of textsIn(node.value)) {
          const offset = source.indexOf(text, from)
          const isWhole = offset >= 0 && offset + text.length <= to
          texts.push({
            place: placeOf(from).place,
            path: pathText(pathOf(key, above)),
            text,
            offset: isWhole ? offset : undefined
          })
        }
      }
    })
  }
  return { texts, errors }
}

function textsIn(value: string): readonly string[] {
  if (isEncrypted(value)) return [value]
  return [...value.matchAll(/\$\{\w+:-(enc:[^}]*)\}/g)].map(([, text = '']) => text)
}

/** `key`: of the node within the last of those above it. */
function pathOf(key: unknown, above: readonly unknown[]): readonly (string | number)[] {
  const steps = above.map((node, index): string | number | undefined => {
    if (isPair(node)) return isScalar(node.key) ? String(node.key.value) : '?'
    if (!isSeq(node)) return undefined
    return index + 1 < above.length ? node.items.indexOf(above[index + 1]) : Number(key)
  })
  return steps.filter(step => step !== undefined)
}
