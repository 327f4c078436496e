import { createJsonCutter } from '../decode/json-values.ts'
import { parseJson } from './parse-json.ts'

/** How the records of a file are separated. */
export type FileForm =
  | { readonly kind: 'lines' }
  /** JSON values one after another, or the entries of one list. */
  | { readonly kind: 'values'; readonly inArray: boolean }
  /** Rows under a line of names. */
  | { readonly kind: 'rows'; readonly delimiter: string }

/** Bytes of a file that are looked at for its form. */
export const formBytes = 262_144

/** The form of a file by its first bytes: lines, unless values or rows are sure. */
export function formOf(head: Buffer): FileForm {
  const text = head
    .toString()
    .replace(/^\ufeff/, '')
    .trimStart()
  const [first = '', second] = text.split('\n', 2)
  if (text.startsWith('[')) {
    const isLine = isJson(first) && text.slice(first.length).trim() !== ''
    return isLine ? { kind: 'lines' } : { kind: 'values', inArray: true }
  }
  if (text.startsWith('{')) {
    if (isJson(first)) return { kind: 'lines' }
    const value = firstValue(text)
    const isValue = value === undefined ? second === undefined || !isJson(second) : isJson(value)
    return isValue ? { kind: 'values', inArray: false } : { kind: 'lines' }
  }
  const delimiter = second === undefined ? undefined : delimiters.find(one => isHeader(first, one))
  return delimiter === undefined ? { kind: 'lines' } : { kind: 'rows', delimiter }
}

const delimiters = [',', ';', '\t', '|']

/** Whether a line is names, each once: what is no name is a value, and the file has no line of names. */
function isHeader(line: string, delimiter: string): boolean {
  const names = line.split(delimiter).map(name => name.trim().replace(/^"(.*)"$/, '$1'))
  return (
    names.length > 1 &&
    names.every(name => /^[\p{L}_$@][\p{L}\d _.:$@/-]*$/u.test(name)) &&
    new Set(names).size === names.length
  )
}

/** Undefined where it does not end here. */
function firstValue(text: string): string | undefined {
  const cutter = createJsonCutter({ inArray: false, maxBytes: formBytes })
  return cutter.push(Buffer.from(text))[0]?.toString()
}

const isJson = (text: string): boolean => parseJson(text) !== undefined
