import { learnTemplate, type SliceableBuffer, type Template, type TemplateRecord } from './template.ts'

/** Reads records by the shapes seen before; undefined for one that must be parsed. */
export type ReadByTemplate = (bytes: SliceableBuffer) => TemplateRecord | undefined

/**
 * A producer writes its keys in one order and leaves some out: one template grows to cover its records. A handful of
 * templates is kept, the last one that matched tried first. Where records match too seldom, nothing is tried for a while, so that a stream of ever new
 * shapes costs what a parse costs.
 */
export const createTemplates = (): ReadByTemplate => {
  const templates: Template[] = []
  let lessons = 0
  let tried = 0
  let matched = 0
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
    const template = learnTemplate(text)
    if (template === undefined) return
    if (templates.length === maxTemplates) templates.pop()
    templates.unshift(template)
  }

  const judge = (): void => {
    if (matched * 2 < tried) {
      untilNextTry = restRecords
      lessons = 0
    }
    tried = 0
    matched = 0
  }

  return function readByTemplate(bytes) {
    if (bytes.length > maxLength) return undefined
    if (untilNextTry > 0) {
      untilNextTry--
      return undefined
    }
    if (tried === sampleRecords) judge()
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
      return record
    }
    learn(text)
    return undefined
  }
}

const maxTemplates = 6
/** A lesson costs many times what a parse does. */
const maxLessons = 256
const maxLength = 2_048
const sampleRecords = 1_024
const restRecords = 65_536
