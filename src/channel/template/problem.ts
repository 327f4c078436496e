import type { Liquid } from 'liquidjs'
import { visible } from '../../telemetry/visible-text.ts'

/** What is wrong with a template, and where. */
export interface TemplateProblem {
  readonly file: string
  /** Counted from 1; absent where it is not in one place. */
  readonly line?: number | undefined
  readonly column?: number | undefined
  readonly message: string
  /** A name that is not known, with those that are. */
  readonly unknown?: { readonly name: string; readonly known: readonly string[] }
}

interface Known {
  readonly files: ReadonlyMap<string, string>
  readonly liquid: Pick<Liquid, 'filters' | 'tags'>
  readonly variables: object
}

/** What Jinja and others call what Liquid has under another name. */
const otherTags: Readonly<Record<string, string>> = {
  set: 'assign',
  elif: 'elsif',
  extends: 'layout',
  import: 'render',
  from: 'render',
  macro: 'a template of its own, with render',
  call: 'render',
  with: 'assign',
  filter: 'capture, and the filter after it'
}
const otherFilters: Readonly<Record<string, string>> = {
  tojson: 'json',
  length: 'size',
  title: 'capitalize',
  trim: 'strip',
  strftime: 'date',
  int: 'floor',
  float: 'plus: 0',
  safe: 'raw',
  format: 'append',
  selectattr: 'where',
  escape: 'nothing: values are escaped',
  e: 'nothing: values are escaped'
}

const longest = 200

/** An error of parsing or rendering, as its author can act on it. */
export function problemOf(error: unknown, name: string, known: Known): TemplateProblem {
  const { message, file, line, column } = placed(error, name, known.files)
  const problem = { file, ...(line !== undefined && { line, column }) }
  const [, filter] = /^undefined filter: (\S+)/.exec(message) ?? []
  if (filter !== undefined)
    return { ...problem, ...unknownName('filter', filter, Object.keys(known.liquid.filters), otherFilters) }
  const [, tag] = /^tag "(.*?)" not found/.exec(message) ?? []
  if (tag !== undefined)
    return { ...problem, ...unknownName('tag', tag, Object.keys(known.liquid.tags), otherTags) }
  const [, variable] = /^undefined variable: (.+)/.exec(message) ?? []
  if (variable !== undefined) return { ...problem, ...unknownVariable(variable, known.variables) }
  const [, partial] = /Failed to lookup "(.*?)" in/.exec(message) ?? []
  if (partial !== undefined)
    return { ...problem, ...unknownName('template', partial, namesOf(known.files), {}) }
  if (error instanceof RangeError || /call stack/i.test(message))
    return { ...problem, message: 'takes too much: tags lie too deep within each other' }
  return { ...problem, message: visible(message.replace(/\s+/g, ' ').slice(0, longest)) }
}

/** As templates name each other. */
const namesOf = (files: Known['files']): string[] =>
  [...files.keys()].map(name => name.replace(/\.liquid$/, ''))

type Unknown = Pick<TemplateProblem, 'message' | 'unknown'>

function unknownName(
  what: string,
  written: string,
  known: readonly string[],
  others: Readonly<Record<string, string>>
): Unknown {
  const name = visible(written.slice(0, longest))
  const message = `there is no ${what} ${name}`
  const other = Object.hasOwn(others, name) ? others[name] : undefined
  return other === undefined
    ? { message, unknown: { name, known } }
    : { message: `${message}; in Liquid it is ${other}` }
}

export function unknownVariable(path: string, variables: object): Unknown {
  const names = path.split('.')
  const last = names.pop() ?? ''
  const holder = names.reduce<unknown>((inner, name) => Reflect.get(Object(inner), name), variables)
  const name = visible(path.slice(0, longest))
  const known = Object.keys(Object(holder)).map(key => [...names, key].join('.'))
  return { message: `there is no variable ${name}`, unknown: { name: [...names, last].join('.'), known } }
}

interface Token {
  readonly file?: string
  readonly input: string
  getPosition(): readonly [line: number, column: number]
}

/** Errors of Liquid carry the token that they are about, and repeat its place in their text. */
function placed(error: unknown, name: string, files: Known['files']) {
  const message = error instanceof Error ? error.message : 'failed'
  const token: Token | undefined = Reflect.get(Object(error), 'token')
  if (typeof token?.getPosition !== 'function') return { message, file: name }
  const [line, column] = token.getPosition()
  const ofSource = [...files].find(([, source]) => source === token.input)?.[0]
  return {
    message: message.replace(/(, file:.*)?, line:\d+, col:\d+$/s, ''),
    file: token.file ?? ofSource ?? name,
    line,
    column
  }
}
