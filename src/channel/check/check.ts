import { kinds as listed } from '../../../detectors/catalogue.ts'
import type { NotificationRecord } from '../../incident/types.ts'
import type { ReceiverSettings } from '../../routing/receiver.ts'
import { emailMessage } from '../email/message.ts'
import { inLanguageOf } from '../in-language.ts'
import { filledUrl } from '../message/placeholders.ts'
import { pagerDutyEvent } from '../pagerduty/event.ts'
import { slackLimits } from '../slack/limits.ts'
import { editedSlackMessage, slackMessage, slackUpdate } from '../slack/message.ts'
import { teamsMessage } from '../teams/card.ts'
import type { RenderOptions, Runbook } from '../types.ts'
import { webhookBody } from '../webhook/body.ts'
import { emailProblem, pagerDutyProblem, slackProblem, teamsProblem } from './api-limits.ts'
import { ordinaryExamples, worstExamples } from './examples.ts'

/** Why a message cannot be as the configuration wants it, and the place there that is to blame. */
export interface RenderProblem {
  readonly path: readonly (string | number)[]
  readonly message: string
}

/** The most that a message has room for in every receiver. */
const longestCheck = 600

/**
 * Renders messages of every kind as every receiver would get them; empty where all can be as they should. Fast enough
 * for every start: each type of receiver is rendered once in each language.
 */
export function renderProblems(
  receivers: ReadonlyMap<string, ReceiverSettings>,
  renderOptions: RenderOptions
): readonly RenderProblem[] {
  const texts = [
    ...urlProblems(renderOptions.dashboardTemplate, ['alerting', 'dashboard_url']),
    ...[...renderOptions.runbooks].flatMap(([kind, runbook]) => runbookProblems(kind, runbook))
  ]
  const named = [...receivers].flatMap(([name, settings]) => settingsProblems(name, settings))
  // What is wrong with a text is said once, not again for each receiver.
  return texts.length > 0 ? [...texts, ...named] : [...named, ...messageProblems(receivers, renderOptions)]
}

function runbookProblems(kind: string, { runbookUrl, checkFirst }: Runbook): readonly RenderProblem[] {
  const path = ['alerting', 'kinds', kind]
  const problems = urlProblems(runbookUrl, [...path, 'runbook_url'])
  if (checkFirst !== null && checkFirst.length > longestCheck) {
    const message = `${checkFirst.length} characters: a message has room for ${longestCheck}; put the rest behind runbook_url`
    problems.push({ path: [...path, 'check_first'], message })
  }
  return problems
}

function urlProblems(template: string | null, path: readonly string[]): RenderProblem[] {
  if (template === null) return []
  const [ordinary] = ordinaryExamples('revenue_drop')
  if (ordinary && filledUrl(template, ordinary) !== null) return []
  return [{ path, message: 'filled in, it gives no address of http or https of at most 3,000 characters' }]
}

function settingsProblems(name: string, settings: ReceiverSettings): readonly RenderProblem[] {
  if (settings.type !== 'slack' || settings.username === null) return []
  const { length } = settings.username
  if (length <= slackLimits.username) return []
  return [
    {
      path: ['receivers', name, 'username'],
      message: `${length} characters: Slack shows ${slackLimits.username}`
    }
  ]
}

type Render = (notification: NotificationRecord, renderOptions: RenderOptions) => string | null

const renderOf: Readonly<Record<ReceiverSettings['type'], Render>> = {
  slack: (one, renderOptions) => slackProblem(slackMessage(one, renderOptions)),
  slack_bot: (one, renderOptions) =>
    slackProblem(editedSlackMessage(one, renderOptions)) ?? slackProblem(slackUpdate(one, renderOptions)),
  pagerduty(one, renderOptions) {
    const event = pagerDutyEvent(one, renderOptions)
    return event && pagerDutyProblem(event)
  },
  email: (one, renderOptions) => emailProblem(emailMessage(one, renderOptions)),
  teams: (one, renderOptions) => teamsProblem(teamsMessage(one, renderOptions)),
  webhook(one, renderOptions) {
    const { length } = JSON.stringify(webhookBody(one, renderOptions))
    return length > 1_000_000 ? `${length} characters of JSON` : null
  }
}

function messageProblems(
  receivers: ReadonlyMap<string, ReceiverSettings>,
  renderOptions: RenderOptions
): readonly RenderProblem[] {
  if (receivers.size === 0) return []
  const kinds = [...new Set([...listed.map(({ kind }) => kind), ...renderOptions.runbooks.keys()])]
  const notifications = [...kinds.flatMap(ordinaryExamples), ...kinds.slice(0, 1).flatMap(worstExamples)]
  const found = new Map<string, string | null>()
  const problems: RenderProblem[] = []
  for (const [name, settings] of receivers) {
    const own = inLanguageOf(settings, renderOptions)
    const form = `${settings.type} ${own.language}`
    const known = found.get(form)
    const problem = known === undefined ? firstProblem(settings.type, notifications, own) : known
    found.set(form, problem)
    if (problem !== null)
      problems.push({ path: ['receivers', name], message: `a message to it cannot be made: ${problem}` })
  }
  return problems
}

function firstProblem(
  type: ReceiverSettings['type'],
  notifications: readonly NotificationRecord[],
  renderOptions: RenderOptions
): string | null {
  for (const notification of notifications) {
    const problem = attempt(() => renderOf[type](notification, renderOptions))
    if (problem !== null) return `${notification.kind}, ${notification.action}: ${problem}`
  }
  return null
}

function attempt(render: () => string | null): string | null {
  try {
    return render()
  } catch (error) {
    return error instanceof Error ? error.message : 'fault'
  }
}
