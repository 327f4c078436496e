import { isJsonObject, type Json, stringOf } from './json.ts'

const maxBytes = 28 * 1024
const cardType = 'application/vnd.microsoft.card.adaptive'

export interface TeamsFault {
  readonly status: number
  readonly reason: string
}

/** What keeps a workflow from posting a card to Teams; null where nothing does. */
export function teamsFault(body: Json | undefined, bytes: number): TeamsFault | null {
  if (bytes > maxBytes) return { status: 413, reason: 'RequestEntityTooLarge' }
  const invalid = (reason: string): TeamsFault => ({ status: 400, reason })
  if (!isJsonObject(body) || body.type !== 'message') return invalid('TriggerInputSchemaMismatch')
  const { attachments } = body
  if (!Array.isArray(attachments) || attachments.length !== 1) return invalid('expected one attachment')
  const [attachment] = attachments
  if (!isJsonObject(attachment) || attachment.contentType !== cardType) return invalid('not an adaptive card')
  const { content } = attachment
  if (!isJsonObject(content) || content.type !== 'AdaptiveCard') return invalid('not an adaptive card')
  if (!/^1\.[0-5]$/.test(stringOf(content.version))) return invalid('a version that Teams does not show')
  const { body: elements, actions = [] } = content
  if (!Array.isArray(elements) || !elements.every(isElement)) return invalid('a card of other elements')
  if (!Array.isArray(actions) || actions.length > 6 || !actions.every(isAction))
    return invalid('other actions')
  return null
}

function isElement(element: Json): boolean {
  if (!isJsonObject(element)) return false
  if (element.type === 'TextBlock') return isFilled(element.text)
  const { inlines } = element
  return (
    element.type === 'RichTextBlock' && Array.isArray(inlines) && inlines.length > 0 && inlines.every(isRun)
  )
}

const isRun = (run: Json): boolean => isJsonObject(run) && run.type === 'TextRun' && isFilled(run.text)

const isAction = (action: Json): boolean =>
  isJsonObject(action) &&
  action.type === 'Action.OpenUrl' &&
  isFilled(action.title) &&
  /^https?:/.test(stringOf(action.url)) &&
  URL.canParse(stringOf(action.url))

const isFilled = (text: Json | undefined): boolean => typeof text === 'string' && text !== ''
