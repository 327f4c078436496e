export type Json = null | boolean | number | string | Json[] | JsonObject

/** The fields that the rules of a receiver look at; any other may be there too. */
export interface JsonObject {
  [field: string]: Json | undefined
  type?: Json
  text?: Json
  color?: Json
  blocks?: Json
  block_id?: Json
  attachments?: Json
  fields?: Json
  elements?: Json
  accessory?: Json
  emoji?: Json
  verbatim?: Json
  url?: Json
  value?: Json
  action_id?: Json
  style?: Json
  title?: Json
  confirm?: Json
  deny?: Json
  image_url?: Json
  alt_text?: Json
  routing_key?: Json
  event_action?: Json
  dedup_key?: Json
  payload?: Json
  summary?: Json
  source?: Json
  severity?: Json
  timestamp?: Json
  component?: Json
  group?: Json
  class?: Json
  custom_details?: Json
  details?: Json
  images?: Json
  links?: Json
  href?: Json
  client?: Json
  client_url?: Json
  channel?: Json
  ts?: Json
  thread_ts?: Json
  reply_broadcast?: Json
  ok?: Json
  error?: Json
  contentType?: Json
  content?: Json
  version?: Json
  body?: Json
  actions?: Json
  inlines?: Json
}

export const isJsonObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** The text that a field must hold; blank where it holds anything else. */
export const stringOf = (value: Json | undefined): string => (typeof value === 'string' ? value : '')

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
  const own = typeof value.text === 'string' ? value.text : textWithin(value.text)
  const parts = [value.fields, value.elements, value.blocks]
  return [own, ...parts.map(textWithin)].filter(Boolean).join('\n')
}
