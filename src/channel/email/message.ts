import { isOfPipeline } from '../../../detectors/kind-of.ts'
import { conditionOf } from '../../incident/impact.ts'
import type { NotificationRecord } from '../../incident/types.ts'
import { colorOf } from '../message/color.ts'
import { environmentMark, formatAmount, formatMoment, subjectOf } from '../message/format.ts'
import { onlyLinks, runsOf } from '../message/links.ts'
import { composeMessage, type Message, type Part } from '../message/message.ts'
import { plainlyOf } from '../message/plain-fallback.ts'
import { cut, htmlEscape, linesWithin, plain, withoutLinks } from '../message/text.ts'
import type { RenderOptions } from '../types.ts'

export interface EmailMessage {
  readonly subject: string
  readonly text: string
  readonly html: string
}

/** Characters: a subject of one header line, and a body that no mailbox cuts (Gmail does past 102 KB). */
const max = { subject: 200, headline: 2_000, fact: 500, notes: 1_000, line: 500 }
const most: Readonly<Record<Part['key'], number>> = {
  details: 4_000,
  symptoms: 4_000,
  picture: 120,
  where: 3_000,
  reported: 3_000,
  check_first: 2_000,
  explains: 2_000,
  incidents: 20_000
}

/** The mail for a notification, in plain text and in HTML. */
export function emailMessage(notification: NotificationRecord, renderOptions: RenderOptions): EmailMessage {
  const message = composeMessage(notification, renderOptions)
  return {
    subject: cut(subjectLine(notification, message, renderOptions), max.subject),
    text: textOf(message),
    html: htmlOf(message)
  }
}

export function plainEmailMessage(notification: NotificationRecord, problem: string): EmailMessage {
  const text = withoutLinks(plainlyOf(notification, problem))
  return { subject: cut(text, max.subject), text, html: paragraph(text) }
}

/** The same until the severity rises: a mailbox opens a new conversation where the subject changes. */
function subjectLine(
  notification: NotificationRecord,
  message: Message,
  renderOptions: RenderOptions
): string {
  const { reason, pipeline, incident } = notification
  if (message.state === 'summary') return `${message.title} (${cut(plain(pipeline), 40)})`
  const test = reason.type === 'test' ? 'TEST: ' : ''
  const from = incident && conditionOf(incident).conditionFrom
  const since = from === null ? '' : `, since ${formatMoment(from, renderOptions)}`
  const severity = (incident?.severity ?? notification.severity).toUpperCase()
  const subject = cut(subjectOf(notification), 80)
  return `${environmentMark(renderOptions)}${test}${severity}: ${subject}${figuresOf(notification, renderOptions)} (${cut(plain(pipeline), 40)}${since})`
}

/** What was found first at this severity; nothing of the pipeline itself, which its kind describes. */
function figuresOf({ anomalies, incident }: NotificationRecord, renderOptions: RenderOptions): string {
  const anomaly = anomalies.at(-1)
  const { value, expected } = incident?.firstAtSeverity ?? anomaly ?? { value: 0, expected: 0 }
  if (!anomaly || value === expected || isOfPipeline(anomaly.kind)) return ''
  const [is, instead] = [value, expected].map(one => formatAmount(anomaly.unit, one, renderOptions))
  return cut(`: ${is} instead of ${instead}`, 60)
}

function textOf(message: Message): string {
  const { title, notes, facts, parts, links, origin } = message
  return [
    cut(withoutLinks(title), max.headline),
    ...(notes.length > 0 ? [notesOf(notes)] : []),
    ...(facts.length > 0 ? [facts.map(({ label, text }) => `${label}: ${factOf(text)}`).join('\n')] : []),
    ...parts.map(
      part => `${part.heading === null ? '' : `${part.heading}:\n`}${onlyLinks(passageOf(part), part.links)}`
    ),
    ...(links.length > 0 ? [links.map(({ text, url }) => `${text}: ${url}`).join('\n')] : []),
    `-- \n${withoutLinks(origin)}`
  ].join('\n\n')
}

function htmlOf(message: Message): string {
  const { title, notes, facts, parts, links, origin } = message
  const rows = facts.map(
    ({ label, text }) => `<tr><th align="left">${label}</th><td>${htmlEscape(factOf(text))}</td></tr>`
  )
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8"></head>',
    `<body style="font-family:sans-serif"><div style="border-left:6px solid ${colorOf(message)};padding-left:12px">`,
    `<h2>${htmlEscape(cut(withoutLinks(title), max.headline))}</h2>`,
    ...(notes.length > 0 ? [paragraph(notesOf(notes))] : []),
    ...(rows.length > 0 ? [`<table cellpadding="4">${rows.join('')}</table>`] : []),
    ...parts.flatMap(part => [
      ...(part.heading === null ? [] : [`<h4>${htmlEscape(part.heading)}</h4>`]),
      paragraphOf(part)
    ]),
    ...(links.length > 0
      ? [`<p>${links.map(({ text, url }) => `<a href="${htmlEscape(url)}">${text}</a>`).join(' · ')}</p>`]
      : []),
    `<p style="color:#777">${htmlEscape(withoutLinks(origin))}</p></div></body></html>`
  ].join('\n')
}

const notesOf = (notes: readonly string[]): string => withoutLinks(linesWithin(notes, max.line, max.notes))
const factOf = (text: string): string => cut(withoutLinks(text), max.fact)

const passageOf = ({ key, lines }: Part): string => linesWithin(lines, max.line, most[key])

function paragraphOf(part: Part): string {
  const html = runsOf(passageOf(part), part.links).map(({ text, url }) =>
    url === null ? htmlLines(withoutLinks(text)) : `<a href="${htmlEscape(url)}">${htmlEscape(text)}</a>`
  )
  return `<p>${html.join('')}</p>`
}

const htmlLines = (text: string): string => htmlEscape(text).replaceAll('\n', '<br>')
const paragraph = (text: string): string => `<p>${htmlLines(text)}</p>`
