import { z } from 'zod'
import { expectedOf, leaves } from '../../telemetry/expected.ts'
import { isAddress } from '../message/placeholders.ts'
import { slackLimits as most } from '../slack/limits.ts'

// What Slack takes of a layout: a block that is wrong makes it refuse the whole message.

const atMost = (max: number) =>
  z
    .string()
    .min(1, 'some text')
    .max(max, `at most ${max.toLocaleString('en')} characters: shorten it with | truncate_slack: ${max}`)
const plain = (max: number) =>
  z.strictObject({ type: z.literal('plain_text'), text: atMost(max), emoji: z.boolean().optional() })
const text = (max: number) =>
  z.discriminatedUnion('type', [
    plain(max),
    z.strictObject({ type: z.literal('mrkdwn'), text: atMost(max), verbatim: z.boolean().optional() })
  ])
const address = z.string().refine(isAddress, `an address of at most ${most.url} characters`)
const ids = { block_id: z.string().max(255).optional() }

const button = z.strictObject({
  type: z.literal('button'),
  text: plain(most.label),
  action_id: z.string().max(255).optional(),
  url: address.optional(),
  value: z.string().max(most.value).optional(),
  style: z.enum(['primary', 'danger']).optional()
})
const picture = { image_url: address, alt_text: atMost(2_000) }
const image = z.strictObject({ type: z.literal('image'), ...picture })
const list = <Element extends z.ZodType>(element: Element, max: number) =>
  z.array(element).min(1, 'one at least').max(max, `at most ${max}`)

const block = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('header'), text: plain(most.header), ...ids }),
  z.strictObject({
    type: z.literal('section'),
    text: text(most.section).optional(),
    fields: list(text(most.field), most.fields).optional(),
    accessory: z.discriminatedUnion('type', [button, image]).optional(),
    ...ids
  }),
  z.strictObject({
    type: z.literal('context'),
    elements: list(z.discriminatedUnion('type', [...text(most.section).options, image]), 10),
    ...ids
  }),
  z.strictObject({ type: z.literal('actions'), elements: list(button, most.buttons), ...ids }),
  z.strictObject({ type: z.literal('divider'), ...ids }),
  z.strictObject({ type: z.literal('image'), ...picture, title: plain(2_000).optional(), ...ids }),
  z.strictObject({ type: z.literal('rich_text'), elements: z.array(z.looseObject({})).min(1), ...ids })
])
const blocks = z.array(block).max(most.blocks, `at most ${most.blocks} blocks`)
const color = z.string().regex(/^#[0-9a-f]{6}$/i, 'a color such as #d32f2f')

/** What a template for Slack gives: blocks, or blocks with a text for phones and passages with a color. */
const layout = z.strictObject({
  text: z.string().max(most.text).optional(),
  blocks: blocks.default([]),
  attachments: z
    .array(z.strictObject({ color: color.optional(), blocks }))
    .max(10)
    .default([])
})
export type SlackLayout = z.output<typeof layout>

/** The layout, or the first place that Slack would refuse with what it expects there. */
export function slackLayoutOf(value: unknown): SlackLayout | string {
  const parsed = layout.safeParse(Array.isArray(value) ? { blocks: value } : value, { error: expectedOf })
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues.flatMap(one => leaves(one))
  const path = (issue?.path ?? []).map(step => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`))
  if (issue?.code === 'unrecognized_keys') path.push(`.${issue.keys.join(', ')} is not known`)
  return `${path.join('').replace(/^\./, '') || 'the whole'}: expected ${issue?.message}`
}
