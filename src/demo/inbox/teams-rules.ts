import { z } from 'zod'
import type { Json } from './json.ts'

const maxBytes = 28 * 1024

const filled = z.string().min(1)
const action = z.object({
  type: z.literal('Action.OpenUrl'),
  title: filled,
  url: z.string().refine(url => /^https?:/.test(url) && URL.canParse(url))
})
const image = z.object({
  type: z.literal('Image'),
  url: z.string().regex(/^(https:\/\/|data:image\/(png|jpeg|gif);base64,[A-Za-z0-9+/]+=*$)/),
  altText: filled.optional()
})
const element = z.discriminatedUnion('type', [
  image,
  z.object({ type: z.literal('TextBlock'), text: filled }),
  z.object({
    type: z.literal('RichTextBlock'),
    inlines: z
      .array(z.object({ type: z.literal('TextRun'), text: filled, selectAction: action.optional() }))
      .min(1)
  })
])
const card = z.object({
  type: z.literal('AdaptiveCard'),
  version: z.string().regex(/^1\.[0-5]$/),
  body: z.array(element),
  actions: z.array(action).max(6).optional()
})
const attachment = z.object({
  contentType: z.literal('application/vnd.microsoft.card.adaptive'),
  content: card
})
const message = z.object({ type: z.literal('message'), attachments: z.tuple([attachment]) })

/** What keeps a workflow from posting a card to Teams; null where nothing does. */
export function teamsFault(body: Json | undefined, bytes: number): { status: number; reason: string } | null {
  if (bytes > maxBytes) return { status: 413, reason: 'RequestEntityTooLarge' }
  const [issue] = message.safeParse(body).error?.issues ?? []
  return issue ? { status: 400, reason: reasonOf(issue.path) } : null
}

const reasonOfPart: Readonly<Record<PropertyKey, string>> = {
  version: 'a version that Teams does not show',
  body: 'a card of other elements',
  actions: 'other actions'
}

/** By where in the message the fault is. */
function reasonOf([field, at, , part = '']: readonly PropertyKey[]): string {
  if (field !== 'attachments') return 'TriggerInputSchemaMismatch'
  return at === undefined ? 'expected one attachment' : (reasonOfPart[part] ?? 'not an adaptive card')
}
