import type { Layout } from './layout.ts'
import { contractFields, furtherPathsOf } from './layout.ts'
import { parsePaths } from './path.ts'
import type { RawRecord } from './record.ts'
import { learnTemplate, type SliceableBuffer, type Template, type TemplateKeys } from './template.ts'

/** Reads records by the shapes seen before; undefined for one that must be parsed. */
export type ReadByTemplate = (bytes: SliceableBuffer) => RawRecord | undefined

/**
 * A producer writes its keys in one order and leaves some out: one template grows to cover its records. A few templates
 * are kept, and the last that matched is tried first. If records match too seldom, or many in a row match none, none is
 * tried for a while, so a stream of ever new shapes costs hardly more than parsing.
 */
export const createTemplates = (keys: TemplateKeys): ReadByTemplate => {
  const templates: Template[] = []
  let lessons = 0
  let tried = 0
  let matched = 0
  let missedInARow = 0
  let untilNextTry = 0

  const learn = (text: string): void => {
    if (lessons >= maxLessons) return
    lessons++
    for (const [at, known] of templates.entries()) {
      const extended = known.extend(text)
      if (extended === undefined) continue
      templates[at] = extended
      return
    }
    const template = learnTemplate(text, keys)
    if (template === undefined) return
    if (templates.length === maxTemplates) templates.pop()
    templates.unshift(template)
  }

  const startSample = (): void => {
    tried = 0
    matched = 0
  }

  const rest = (): void => {
    untilNextTry = restRecords
    lessons = 0
    missedInARow = 0
    startSample()
  }

  return function readByTemplate(bytes) {
    if (bytes.length > maxLength) return undefined
    if (untilNextTry > 0) {
      untilNextTry--
      return undefined
    }
    if (tried === sampleRecords) {
      if (matched * 2 < tried) rest()
      else startSample()
    }
    tried++
    const text = bytes.latin1Slice(0, bytes.length)
    for (let at = 0; at < templates.length; at++) {
      const template = templates[at]!
      const record = template.read(bytes, text)
      if (record === undefined) continue
      if (at > 0) {
        templates[at] = templates[0]!
        templates[0] = template
      }
      matched++
      missedInARow = 0
      return record
    }
    learn(text)
    if (++missedInARow === mostMissedInARow) rest()
    return undefined
  }
}

const maxTemplates = 6
/** Learning a template costs many times what a parse does. */
const maxLessons = 256
const mostMissedInARow = 64
const maxLength = 2_048
const sampleRecords = 1_024
const restRecords = 65_536

/**
 * The field of each key of a layout; undefined if its records are not flat or a field has several places: those are
 * parsed.
 */
export function templateKeysOf(layout: Layout, extraFields: readonly string[]): TemplateKeys | undefined {
  const fields = new Map<string, number[]>()
  for (const [place, field] of contractFields.entries()) {
    const [path, ...others] = layout.fields[field] ?? []
    if (path === undefined) continue
    const name = nameOf(path)
    if (name === undefined || others.length > 0) return undefined
    const shared = fields.get(name)
    if (shared === undefined) fields.set(name, [place])
    else shared.push(place)
  }
  const extraNames = extraFields.map(field => onlyNameOf(furtherPathsOf(layout, field)))
  const extras = new Map(extraNames.map((name, place) => [name, place]))
  const isFlat = extraNames.every(name => name !== undefined && !fields.has(name))
  // The event time is read from the bytes, so no other field can share its key.
  const isTimeShared = [...fields.values()].some(([first, second]) => first === 0 && second !== undefined)
  const hasTotal = (layout.fields.order_total ?? []).length > 0
  // A template reads a time without a zone as UTC.
  const isUtc = layout.timezone === undefined || layout.timezone === 'UTC'
  const isPlain =
    layout.timeUnit === 'auto' &&
    isUtc &&
    layout.absent.length === 0 &&
    (layout.structure?.ignore ?? []).length === 0
  if (!isFlat || !isPlain || hasTotal || isTimeShared || extras.size !== extraFields.length) return undefined
  return { fields, extras: extras as ReadonlyMap<string, number> }
}

const onlyNameOf = ([path, ...others]: readonly string[]): string | undefined =>
  path === undefined || others.length > 0 ? undefined : nameOf(path)

/** The key of a path that is one key of the record; of ASCII, since templates compare bytes. */
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
