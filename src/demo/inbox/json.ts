export type Json = null | boolean | number | string | Json[] | JsonObject
export type JsonObject = { [field: string]: Json | undefined }

export const isJsonObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** What an object has under a name; undefined of anything else. */
const at = (value: Json | undefined, field: string) => (isJsonObject(value) ? value[field] : undefined)

/** The text that a field must hold; blank where it holds anything else. */
export function textAt(value: Json | undefined, field: string): string {
  const text = at(value, field)
  return typeof text === 'string' ? text : ''
}

/** The list that a field must hold; empty where it holds anything else. */
export function listAt(value: Json | undefined, field: string): readonly Json[] {
  const list = at(value, field)
  return Array.isArray(list) ? list : []
}

export function parseJson(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json
  } catch {
    return undefined
  }
}

/** All texts that blocks show, joined. */
export function textWithin(value: Json | undefined): string {
  if (Array.isArray(value)) return value.map(textWithin).filter(Boolean).join('\n')
  if (!isJsonObject(value)) return ''
  const { text, fields, elements, blocks } = value
  const own = typeof text === 'string' ? text : textWithin(text)
  return [own, ...[fields, elements, blocks].map(textWithin)].filter(Boolean).join('\n')
}
