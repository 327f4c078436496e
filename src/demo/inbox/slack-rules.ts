import { isJsonObject, type Json, textWithin } from './json.ts'

/** What Slack answers to a message it refuses; null for one it takes. */
export function slackFault(body: Json): string | null {
  if (!isJsonObject(body)) return 'invalid_payload'
  const text = body.text
  if (typeof text !== 'string' || text.trim() === '') return 'no_text'
  if (text.length > 4_000) return 'msg_too_long'
  const attachments = listOf(body.attachments)
  if (!attachments || attachments.length > 100) return 'invalid_attachments'
  const groups = [listOf(body.blocks), ...attachments.map(blocksOf)]
  for (const blocks of groups) {
    if (!blocks || blocks.length > 50 || !blocks.every(isBlock) || !haveOwnIds(blocks))
      return 'invalid_blocks'
  }
  // Undocumented, and counted over everything a person can read.
  return text.length + textWithin(groups as Json[]).length > 11_000 ? 'msg_blocks_too_long' : null
}

function listOf(value: Json | undefined): Json[] | null {
  if (value === undefined) return []
  return Array.isArray(value) ? value : null
}

function blocksOf(attachment: Json): Json[] | null {
  if (!isJsonObject(attachment)) return null
  const { color, blocks } = attachment
  const isColor =
    color === undefined || (typeof color === 'string' && /^(#[0-9a-f]{6}|good|warning|danger)$/i.test(color))
  return isColor ? listOf(blocks) : null
}

function haveOwnIds(blocks: readonly Json[]): boolean {
  const ids = blocks.flatMap(block => (isJsonObject(block) && block.block_id) || [])
  return new Set(ids).size === ids.length
}

function isBlock(block: Json): boolean {
  if (!isJsonObject(block) || !isShort(block.block_id, 255)) return false
  const { type, text, fields, elements, accessory } = block
  switch (type) {
    case 'divider':
      return true
    case 'header':
      return isText(text, 150, ['plain_text'])
    case 'section': {
      const isTextFine = text === undefined || isText(text, 3_000)
      const areFieldsFine = fields === undefined || isListOf(fields, 10, field => isText(field, 2_000))
      const isAccessoryFine = accessory === undefined || isElement(accessory)
      return (text !== undefined || fields !== undefined) && isTextFine && areFieldsFine && isAccessoryFine
    }
    case 'actions':
      return isListOf(elements, 25, isElement)
    case 'context':
      return isListOf(elements, 10, element => isText(element, 3_000) || isImage(element))
    case 'image':
      return isImage(block)
    default:
      return false
  }
}

function isListOf(value: Json | undefined, max: number, isFine: (item: Json) => boolean): boolean {
  return Array.isArray(value) && value.length > 0 && value.length <= max && value.every(isFine)
}

function isText(value: Json | undefined, max: number, types = ['plain_text', 'mrkdwn']): boolean {
  if (!isJsonObject(value)) return false
  const { type, text, emoji, verbatim } = value
  if (typeof text !== 'string' || text.length === 0 || text.length > max) return false
  if (type === 'plain_text' && verbatim !== undefined) return false
  if (type === 'mrkdwn' && emoji !== undefined) return false
  return typeof type === 'string' && types.includes(type)
}

function isElement(value: Json): boolean {
  if (!isJsonObject(value)) return false
  const { type, text, url, value: sent, action_id, style, confirm } = value
  if (type === 'image') return isImage(value)
  if (type !== 'button' || !isText(text, 75, ['plain_text'])) return false
  if (!isShort(action_id, 255) || !isShort(sent, 2_000) || !isShort(url, 3_000)) return false
  if (url !== undefined && !URL.canParse(url as string)) return false
  if (style !== undefined && style !== 'primary' && style !== 'danger') return false
  return confirm === undefined || isConfirm(confirm)
}

function isConfirm(value: Json): boolean {
  if (!isJsonObject(value)) return false
  const { title, text, confirm, deny } = value
  return (
    isText(title, 100, ['plain_text']) &&
    isText(text, 300) &&
    isText(confirm, 30, ['plain_text']) &&
    isText(deny, 30, ['plain_text'])
  )
}

function isImage(value: Json): boolean {
  if (!isJsonObject(value)) return false
  const { type, image_url, alt_text } = value
  const hasAlt = typeof alt_text === 'string' && alt_text.length > 0 && alt_text.length <= 2_000
  return type === 'image' && typeof image_url === 'string' && image_url.length <= 3_000 && hasAlt
}

function isShort(value: Json | undefined, max: number): boolean {
  return value === undefined || (typeof value === 'string' && value.length > 0 && value.length <= max)
}
