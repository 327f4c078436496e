import type { NotificationRecord } from '../../incident/types.ts'
import { formatsOf } from '../../language/formats.ts'
import type { ReceiverSettings } from '../../routing/receiver.ts'
import { messageOf } from '../../telemetry/message.ts'
import type { EmailMessage } from '../email/message.ts'
import { composeMessage } from '../message/message.ts'
import type { PagerDutyEvent } from '../pagerduty/event.ts'
import type { SlackMessage } from '../slack/message.ts'
import type { TeamsMessage } from '../teams/card.ts'
import type { RenderOptions } from '../types.ts'
import { createEngine, type Usage } from './engine.ts'
import { emailOf, pagerDutyOf, slackOf, teamsOf, webhookOf } from './forms.ts'
import type { Form, Job, Made } from './job.ts'
import type { TemplateLimits } from './limits.ts'
import { ownFilters } from './own-filters.ts'
import type { TemplateProblem } from './problem.ts'
import { variablesOf } from './variables.ts'

/** The templates of one receiver, by kind; `default` is for all kinds but reports. */
export type Assignment = ReadonlyMap<string, string>

export interface TemplateSources {
  /** By their names within the folder. */
  readonly files: ReadonlyMap<string, string>
  /** By receiver; those that have none are absent. */
  readonly assigned: ReadonlyMap<string, Assignment>
  /** What routes see of a kind in a segment, without what an alert itself says. */
  readonly labelsOf: (kind: string, segment: string) => Readonly<Record<string, string>>
}

export interface TemplatesOptions extends TemplateSources {
  /** Of messages for which no others are given. */
  readonly renderOptions: RenderOptions
  readonly limits?: TemplateLimits
}

export interface Content {
  readonly slack: SlackMessage
  readonly email: EmailMessage
  readonly teams: TeamsMessage
  readonly pagerduty: PagerDutyEvent | null
  readonly webhook: unknown
}

const makers: { readonly [Name in Form['name']]: (text: string, job: Job) => Made<Content[Name]> } = {
  slack: slackOf,
  email: emailOf,
  teams: teamsOf,
  pagerduty: pagerDutyOf,
  webhook: webhookOf
}

export type TemplateOutcome<One> =
  | { readonly kind: 'made'; readonly content: One; readonly usage: Usage }
  | { readonly kind: 'failed'; readonly problem: TemplateProblem }

interface RenderRequest {
  readonly file: string
  readonly notification: NotificationRecord
  readonly isEdited?: boolean
  /** Of the receiver. */
  readonly renderOptions?: RenderOptions
  /** Told of each variable that is read, for a trace. */
  readonly onRead?: (path: string) => void
}

export type Templates = ReturnType<typeof createTemplates>

/** Renders the configuration's own messages. */
export function createTemplates({
  files,
  assigned,
  labelsOf,
  renderOptions: usual,
  limits
}: TemplatesOptions) {
  const engine = createEngine<Job>({
    files,
    timezone: usual.timezone,
    localeOf: ({ renderOptions }) => formatsOf(renderOptions.language ?? 'en').locale,
    filters: ownFilters,
    ...(limits && { limits })
  })

  function variablesWith(notification: NotificationRecord, renderOptions: RenderOptions) {
    const message = composeMessage(notification, renderOptions)
    const labels = labelsOf(notification.kind, notification.segment)
    return { message, values: variablesOf(notification, { message, renderOptions, labels }) }
  }

  return {
    /** The template for a message; undefined where it is the built-in one. */
    fileFor(receiver: string, { kind, report }: NotificationRecord): string | undefined {
      const assignment = assigned.get(receiver)
      return assignment?.get(kind) ?? (report ? undefined : assignment?.get('default'))
    },
    /** Never throws. */
    render<Name extends Form['name']>(
      name: Name,
      { file, notification, renderOptions = usual, isEdited = false, onRead }: RenderRequest
    ): TemplateOutcome<Content[Name]> {
      try {
        const { message, values } = variablesWith(notification, renderOptions)
        const form: Form = { name, syntax: syntaxOf(name, file) }
        const job: Job = { form, notification, renderOptions, message, isEdited }
        const variables = onRead ? watched(values, onRead) : values
        const rendered = engine.render(file, variables, job)
        if (rendered.kind === 'failed') return rendered
        const outcome = makers[name](rendered.text, job)
        return outcome.kind === 'made'
          ? { ...outcome, usage: rendered.usage }
          : { kind: 'failed', problem: { file, message: outcome.message } }
      } catch (error) {
        return { kind: 'failed', problem: { file, message: messageOf(error) } }
      }
    },
    variables: (notification: NotificationRecord) => variablesWith(notification, usual).values,
    variablesIn: engine.variablesIn
  }
}

/** By the name of a file, where the receiver takes more than one form. */
function syntaxOf(name: Form['name'], file: string): Form['syntax'] {
  if (name === 'webhook') return 'json'
  if (name === 'slack' && /\.json\.liquid$/.test(file)) return 'json'
  return name === 'email' && /\.html\.liquid$/.test(file) ? 'html' : 'text'
}

export const formOf = (type: ReceiverSettings['type']): Form['name'] =>
  type === 'slack_bot' ? 'slack' : type

/** The same values, which tell of each that is read. */
function watched<Values extends object>(values: Values, onRead: (path: string) => void, above = ''): Values {
  return new Proxy(values, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key)
      if (typeof key === 'symbol' || !Object.hasOwn(target, key)) return value
      const path = above === '' ? key : `${above}.${key}`
      if (!Array.isArray(target) || key !== 'length') onRead(path)
      return typeof value === 'object' && value !== null ? watched(value, onRead, path) : value
    }
  })
}
