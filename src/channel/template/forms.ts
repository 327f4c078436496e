import { emailProblem, pagerDutyProblem, slackProblem, teamsProblem } from '../check/api-limits.ts'
import { type EmailMessage, emailMessage, ownEmailMessage } from '../email/message.ts'
import { cut, htmlEscape, withoutLinks } from '../message/text.ts'
import { type PagerDutyEvent, pagerDutyEvent } from '../pagerduty/event.ts'
import { slackLimits } from '../slack/limits.ts'
import { ownSlackMessage, type SlackBlock, type SlackMessage } from '../slack/message.ts'
import { ownTeamsMessage, type TeamsMessage } from '../teams/card.ts'
import { addressesOf, type Job, type Made, made, refused } from './job.ts'
import { mapTexts, parseMarked } from './json.ts'
import { slackLayoutOf } from './slack-blocks.ts'
import { cutMarkup, passagesOf, slackTextOf } from './slack-text.ts'
import { mapSpans, unmarked } from './spans.ts'

/** What a receiver gets of a rendered text, checked against what it takes. */
type Make<Content> = (text: string, job: Job) => Made<Content>

const checked = <Content>(content: Content, problem: string | null): Made<Content> =>
  problem === null ? made(content) : refused(`is more than the receiver takes: ${problem}`)

const nothing = refused('gives no text')

export const slackOf: Make<SlackMessage> = (text, job) =>
  job.form.syntax === 'json' ? slackLayout(text, job) : slackPassages(text, job)

function slackPassages(text: string, job: Job): Made<SlackMessage> {
  const shown = cutMarkup(slackTextOf(text, addressesOf(job)).trim(), slackRoom)
  if (shown === '') return nothing
  const blocks = passagesOf(shown, slackLimits.section).map(mrkdwn)
  const message = ownSlackMessage(job, { blocks, buttons: true })
  return checked(message, slackProblem(message))
}

/** Some room stays for the headline, mentions and buttons. */
const slackRoom = 4_500

const mrkdwn = (text: string): SlackBlock => ({
  type: 'section',
  text: { type: 'mrkdwn', text, verbatim: true }
})

function slackLayout(text: string, job: Job): Made<SlackMessage> {
  const addresses = addressesOf(job)
  const parsed = parseMarked(text)
  if (parsed.kind === 'refused') return parsed
  const value = mapTexts(parsed.content, (one, key, holder) => {
    const isMarkup = key === 'text' && (holder['type'] === 'mrkdwn' || !('type' in holder))
    return isMarkup ? slackTextOf(one, addresses) : unmarked(one)
  })
  const layout = slackLayoutOf(tidied(value))
  if (typeof layout === 'string') return refused(`Slack would refuse it: ${layout}`)
  const { text: headline, blocks, attachments } = layout
  if (blocks.length + attachments.length === 0) return nothing
  const message = ownSlackMessage(job, {
    ...(headline !== undefined && { text: cutMarkup(headline, slackLimits.text) }),
    blocks: blocks as readonly SlackBlock[],
    attachments: attachments as SlackMessage['attachments'],
    buttons: false
  })
  return checked(message, slackProblem(message))
}

/** Texts with markup in which nothing links by itself, and no row of buttons without one. */
function tidied(value: unknown): unknown {
  if (Array.isArray(value)) return value.filter(one => !isEmptyRow(one)).map(tidied)
  if (typeof value !== 'object' || value === null) return value
  const map = Object.fromEntries(Object.entries(value).map(([key, one]) => [key, tidied(one)]))
  return map['type'] === 'mrkdwn' ? { verbatim: true, ...map } : map
}

const isEmptyRow = (value: unknown): boolean => {
  const { type, elements } = Object(value) as { type?: unknown; elements?: unknown }
  return type === 'actions' && Array.isArray(elements) && elements.length === 0
}

/** A first line `Subject: …`, with what follows. */
function subjectIn(text: string): { readonly subject: string | null; readonly rest: string } {
  const [whole = '', subject] = /^\s*subject:([^\n]*)(?:\n|$)/i.exec(text) ?? []
  return subject === undefined ? { subject: null, rest: text } : { subject, rest: text.slice(whole.length) }
}

export const emailOf: Make<EmailMessage> = (text, job) => {
  const { subject, rest } = subjectIn(text)
  const addresses = addressesOf(job)
  const isHtml = job.form.syntax === 'html'
  const inert = (value: string) => (addresses.has(value) ? value : withoutLinks(value))
  const body = mapSpans(rest, value => (isHtml ? htmlEscape(inert(value)) : inert(value))).trim()
  if (body === '') return nothing
  const usual = emailMessage(job.notification, job.renderOptions)
  const own = unmarked(subject ?? '').trim()
  const message = ownEmailMessage(usual, {
    subject: own === '' ? usual.subject : cut(own, 200),
    body,
    isHtml,
    links: [...addresses]
  })
  return checked(message, emailProblem(message))
}

export const webhookOf: Make<unknown> = (text, _job) => {
  const parsed = parseMarked(text)
  if (parsed.kind === 'refused') return parsed
  if (typeof parsed.content !== 'object' || parsed.content === null)
    return refused('gives no map and no list')
  return made(mapTexts(parsed.content, unmarked))
}

export const teamsOf: Make<TeamsMessage> = (text, job) => {
  const addresses = addressesOf(job)
  const shown = mapSpans(text, value => (addresses.has(value) ? value : withoutLinks(value))).trim()
  if (shown === '') return nothing
  // A card has a limit of bytes: characters and lines have several.
  const messages = teamsRooms.map(room => ownTeamsMessage(job.message, cut(shown, room), [...addresses]))
  const fitting = messages.find(message => teamsProblem(message) === null)
  return fitting === undefined ? refused('is more than the receiver takes') : made(fitting)
}

const teamsRooms = [10_000, 5_000, 2_500, 1_000, 200]

/** The first line is the summary, the rest a detail of its own. Of what PagerDuty has open, nothing changes. */
export const pagerDutyOf: Make<PagerDutyEvent | null> = (text, job) => {
  const event = pagerDutyEvent(job.notification, job.renderOptions)
  const { payload } = event ?? {}
  if (payload === undefined) return made(event)
  const [first = '', ...lines] = unmarked(text).trim().split('\n')
  if (first === '') return nothing
  const rest = cut(lines.join('\n').trim(), 4_000)
  const details = { ...Object(payload['custom_details']), ...(rest !== '' && { message: rest }) }
  const own: PagerDutyEvent = {
    ...event,
    event_action: 'trigger',
    dedup_key: event?.dedup_key ?? '',
    payload: { ...payload, summary: cut(first.trim(), 1_024), custom_details: details }
  }
  return checked(own, pagerDutyProblem(own))
}
