import { z } from 'zod'
import { type Json, listAt, textAt, textWithin } from './json.ts'

const filled = (max: number) => z.string().min(1).max(max)
const plainText = (max: number) =>
  z.object({ type: z.literal('plain_text'), text: filled(max), verbatim: z.never().optional() })
const markup = (max: number) =>
  z.object({ type: z.literal('mrkdwn'), text: filled(max), emoji: z.never().optional() })
const anyText = (max: number) => z.discriminatedUnion('type', [plainText(max), markup(max)])

const image = z.object({
  type: z.literal('image'),
  image_url: z.string().max(3_000),
  alt_text: filled(2_000)
})
const button = z.object({
  type: z.literal('button'),
  text: plainText(75),
  action_id: filled(255).optional(),
  value: filled(2_000).optional(),
  url: filled(3_000)
    .refine(url => URL.canParse(url))
    .optional(),
  style: z.enum(['primary', 'danger']).optional(),
  confirm: z
    .object({ title: anyText(100), text: anyText(300), confirm: anyText(30), deny: anyText(30) })
    .optional()
})
const overflow = z.object({
  type: z.literal('overflow'),
  action_id: filled(255).optional(),
  options: z
    .array(z.object({ text: plainText(75), value: filled(150) }))
    .min(1)
    .max(5)
})
const element = z.discriminatedUnion('type', [image, button, overflow])

const richTextPart = z.discriminatedUnion('type', [
  z.object({ type: z.literal('text'), text: filled(3_000) }),
  z.object({
    type: z.literal('link'),
    url: filled(3_000).refine(url => URL.canParse(url)),
    text: filled(3_000).optional()
  })
])
const richTextSection = z.object({
  type: z.literal('rich_text_section'),
  elements: z.array(richTextPart).min(1)
})

const listOf = <Item extends z.ZodType>(item: Item, max: number) => z.array(item).min(1).max(max)
const named = { block_id: filled(255).optional() }
const block = z.discriminatedUnion('type', [
  z.object({ type: z.literal('divider'), ...named }),
  z.object({ type: z.literal('header'), text: plainText(150), ...named }),
  z
    .object({
      type: z.literal('section'),
      text: anyText(3_000).optional(),
      fields: listOf(anyText(2_000), 10).optional(),
      accessory: element.optional(),
      ...named
    })
    .refine(({ text, fields }) => text !== undefined || fields !== undefined),
  z.object({ type: z.literal('actions'), elements: listOf(element, 25), ...named }),
  z.object({ type: z.literal('context'), elements: listOf(z.union([anyText(3_000), image]), 10), ...named }),
  z.object({ type: z.literal('rich_text'), elements: listOf(richTextSection, 100), ...named }),
  image.extend(named)
])
const blocks = z
  .array(block)
  .max(50)
  .refine(list => {
    const ids = list.flatMap(({ block_id }) => block_id ?? [])
    return new Set(ids).size === ids.length
  })
  .optional()

const color = z
  .string()
  .regex(/^(#[0-9a-f]{6}|good|warning|danger)$/i)
  .optional()
const layout = z.object({ blocks, attachments: z.array(z.object({ color, blocks })).optional() })

const message = z.object(
  {
    text: z
      .string('no_text')
      .refine(text => text.trim() !== '', 'no_text')
      .max(4_000, 'msg_too_long'),
    attachments: z.array(z.unknown(), 'invalid_attachments').max(100, 'invalid_attachments').optional()
  },
  'invalid_payload'
)

/** What Slack answers to a message it refuses; null for one it takes. */
export function slackFault(body: Json): string | null {
  const [fault] = message.safeParse(body).error?.issues ?? []
  if (fault) return fault.message
  if (!layout.safeParse(body).success) return 'invalid_blocks'
  const groups = [body, ...listAt(body, 'attachments')].map(part => [...listAt(part, 'blocks')])
  // Undocumented, and counted over everything a person can read.
  const length = textAt(body, 'text').length + textWithin(groups).length
  return length > 11_000 ? 'msg_blocks_too_long' : null
}
