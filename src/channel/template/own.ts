import type { NotificationRecord } from '../../incident/types.ts'
import type { RenderOptions } from '../types.ts'
import type { TemplateProblem } from './problem.ts'
import type { Content, Templates } from './templates.ts'

/** A template that gave no message that can be sent: the built-in one went instead. */
export interface TemplateFailure {
  readonly receiver: string
  readonly notification: NotificationRecord
  readonly problem: TemplateProblem
}

export interface OwnMessages {
  /** Those of the receiver, in its language. */
  readonly renderOptions: RenderOptions
  readonly templates: Templates
  readonly onFailure: (failure: TemplateFailure) => void
}

/** A message by the configuration's template; undefined where it has none, or where that failed: no alert is lost. */
export type Own<Message> = (notification: NotificationRecord, isEdited?: boolean) => Message | undefined

export const ownOf =
  <Name extends keyof Content>(
    form: Name,
    receiver: string,
    { renderOptions, templates, onFailure }: OwnMessages
  ): Own<Content[Name]> =>
  (notification, isEdited = false) => {
    const file = templates.fileFor(receiver, notification)
    if (file === undefined) return undefined
    const outcome = templates.render(form, { file, notification, renderOptions, isEdited })
    if (outcome.kind === 'made') return outcome.content
    onFailure({ receiver, notification, problem: outcome.problem })
    return undefined
  }
