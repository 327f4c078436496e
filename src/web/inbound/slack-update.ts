import { slackLimits } from '../../channel/slack/limits.ts'
import type { LabelVerdict } from '../../incident/label.ts'
import type { Translate } from '../../language/translator.ts'
import type { Answered } from '../../operator/acknowledging.ts'
import type { Asked } from '../../operator/actions.ts'

interface Block {
  readonly type: string
  readonly elements?: readonly { readonly action_id?: string }[]
}

/** A message as Slack sends it back with a click. */
export interface ClickedMessage {
  readonly text?: string
  readonly blocks?: readonly Block[]
  readonly attachments?: readonly Pick<ClickedMessage, 'blocks'>[]
}

/** The message with a line of what came of a click, and without the button that was pressed unless that can be pressed again. */
export function updateOf(
  message: ClickedMessage | undefined,
  button: string,
  done: string,
  keepsButton = false
): object {
  const { text = done, blocks = [], attachments = [] } = message ?? {}
  const inAttachment = attachments.findIndex(attachment => holds(attachment.blocks ?? [], button))
  const change = (of: readonly Block[], isLast: boolean) => [
    ...(keepsButton ? of : without(of, button)).slice(
      0,
      isLast ? slackLimits.blocks - 1 : slackLimits.blocks
    ),
    ...(isLast ? [noteOf(done)] : [])
  ]
  return {
    replace_original: true,
    text,
    blocks: change(blocks, inAttachment < 0),
    ...(attachments.length > 0 && {
      attachments: attachments.map((attachment, at) =>
        attachment.blocks
          ? { ...attachment, blocks: change(attachment.blocks, at === inAttachment) }
          : attachment
      )
    })
  }
}

const noteOf = (text: string) => ({
  type: 'context',
  elements: [{ type: 'plain_text', text, emoji: false }]
})

const holds = (blocks: readonly Block[], button: string): boolean =>
  blocks.some(({ elements = [] }) => elements.some(({ action_id }) => action_id === button))

function without(blocks: readonly Block[], button: string): Block[] {
  return blocks
    .map(block =>
      block.type === 'actions' && block.elements
        ? { ...block, elements: block.elements.filter(({ action_id }) => action_id !== button) }
        : block
    )
    .filter(({ type, elements }) => type !== 'actions' || (elements?.length ?? 0) > 0)
}

export function doneText(button: 'acknowledge' | 'silence', { by, at }: Asked, t: Translate): string {
  return t(button === 'acknowledge' ? 'click.acknowledged' : 'click.silenced', { by, time: timeText(at) })
}

export const escalatedText = (
  { level, levels }: { readonly level: number; readonly levels: number },
  { by, at }: Asked,
  t: Translate
): string => t('click.escalated', { level, levels, by, time: timeText(at) })

export const labelledText = (verdict: LabelVerdict, { by, at }: Asked, t: Translate): string =>
  t(`click.marked_${verdict}`, { by, time: timeText(at) })

const timeText = (at: number): string => `${new Date(at).toISOString().slice(11, 16)} UTC`

/** Why nothing was done. */
export function undoneText(answered: Exclude<Answered, { kind: 'done' }>, t: Translate): string {
  switch (answered.kind) {
    case 'unknown':
    case 'ambiguous':
      return t('click.unknown')
    case 'acknowledged':
      return t('click.already', { by: answered.by })
    case 'over':
      return t('click.over')
    case 'graver':
      return t('click.graver', { severity: t(`severity.${answered.incident.severity}`) })
    default:
      throw answered satisfies never
  }
}
