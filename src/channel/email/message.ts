import { isOfPipeline } from '../../../detectors/kind-of.ts'
import { conditionOf } from '../../incident/impact.ts'
import type { NotificationRecord } from '../../incident/types.ts'
import { colorOf } from '../message/color.ts'
import { environmentMark, formatChange, formatMoment, subjectOf } from '../message/format.ts'
import { onlyLinks, runsOf } from '../message/links.ts'
import { composeMessage, type Message, type Part } from '../message/message.ts'
import { plainlyOf } from '../message/plain-fallback.ts'
import { cut, htmlEscape, linesWithin, plain, withoutLinks } from '../message/text.ts'
import type { RenderOptions } from '../types.ts'

export interface EmailMessage {
  readonly subject: string
  readonly text: string
  readonly html: string
  /** Shown within the HTML, which names it by its `cid`. */
  readonly attachments?: readonly InlineImage[]
}

interface InlineImage {
  readonly filename: string
  readonly cid: string
  readonly content: Buffer
  readonly contentType: 'image/png'
  readonly contentDisposition: 'inline'
}

/** Characters: a subject of one header line, and a body that no mailbox cuts (Gmail does past 102 KB). */
const max = { subject: 200, headline: 2_000, fact: 500, notes: 1_000, line: 500 }
const most: Readonly<Record<Part['key'], number>> = {
  details: 4_000,
  changes: 500,
  symptoms: 4_000,
  picture: 120,
  where: 3_000,
  reported: 3_000,
  check_first: 2_000,
  explains: 2_000,
  incidents: 20_000
}

/** The mail for a notification, in plain text and in HTML. */
export function emailMessage(
  notification: NotificationRecord,
  renderOptions: RenderOptions,
  picture: Buffer | null = null
): EmailMessage {
  const message = composeMessage(notification, renderOptions)
  const image = picture && inlineImage(notification, picture)
  return {
    subject: cut(subjectLine(notification, message, renderOptions), max.subject),
    text: textOf(message),
    html: htmlOf(message, renderOptions, image?.cid),
    ...(image && { attachments: [image] })
  }
}

const inlineImage = ({ id }: NotificationRecord, content: Buffer): InlineImage => ({
  filename: 'chart.png',
  cid: `chart.${id}@cartwatch`,
  content,
  contentType: 'image/png',
  contentDisposition: 'inline'
})

/** Half as wide as it is drawn, and never wider than the window. */
const imageLine = (cid: string, { title }: Message): string =>
  `<p><img src="cid:${htmlEscape(cid)}" alt="${htmlEscape(cut(withoutLinks(title), max.subject))}" width="600" style="max-width:100%"></p>`

export function plainEmailMessage(notification: NotificationRecord, problem: string): EmailMessage {
  const text = withoutLinks(plainlyOf(notification, problem))
  return { subject: cut(text, max.subject), text, html: paragraph(text) }
}

interface OwnMail {
  readonly subject: string
  readonly body: string
  readonly isHtml: boolean
  /** The addresses in it that may be links. */
  readonly links: readonly string[]
}

/** A mail in the user's words; one in HTML has the usual text beside it. */
export function ownEmailMessage(
  usual: EmailMessage,
  { subject, body, isHtml, links }: OwnMail
): EmailMessage {
  if (isHtml) return { subject, text: usual.text, html: body }
  const runs = runsOf(body, links).map(({ text, url }) =>
    url === null ? htmlEscape(text) : linkTo(url, text)
  )
  const html = `<!doctype html><html><head><meta charset="utf-8"></head><body style="font-family:sans-serif;white-space:pre-wrap">${runs.join('')}</body></html>`
  return { subject, text: body, html }
}

const linkTo = (url: string, text: string): string => `<a href="${htmlEscape(url)}">${htmlEscape(text)}</a>`

/** The same until the severity rises: a mailbox opens a new conversation where the subject changes. */
function subjectLine(
  notification: NotificationRecord,
  message: Message,
  renderOptions: RenderOptions
): string {
  const { reason, incident } = notification
  const { t } = message
  const pipeline = cut(plain(notification.pipeline), 40)
  if (message.state === 'summary') return `${message.title} (${pipeline})`
  const from = incident && conditionOf(incident).conditionFrom
  const line = t(from === null ? 'subject.line' : 'subject.line_since', {
    severity: t(`severity.${incident?.severity ?? notification.severity}`).toUpperCase(),
    subject: cut(subjectOf(notification, t), 80),
    figures: figuresOf(notification, message, renderOptions),
    pipeline,
    ...(from !== null && { time: formatMoment(from, renderOptions) })
  })
  return `${environmentMark(renderOptions)}${reason.type === 'test' ? t('subject.test', { rest: line }) : line}`
}

/** What was found first at this severity; nothing of the pipeline itself, which its kind describes. */
function figuresOf(
  { anomalies, incident }: NotificationRecord,
  { t }: Message,
  renderOptions: RenderOptions
): string {
  const anomaly = anomalies.at(-1)
  const { value, expected } = incident?.firstAtSeverity ?? anomaly ?? { value: 0, expected: 0 }
  if (!anomaly || value === expected || isOfPipeline(anomaly.kind)) return ''
  const change = formatChange(anomaly.unit, { value, expected }, renderOptions)
  return cut(t('subject.figures', { change }), 60)
}

function textOf(message: Message): string {
  const { title, notes, facts, parts, links, origin, t } = message
  const labelled = (label: string, text: string) => t('labelled', { label, text })
  return [
    cut(withoutLinks(title), max.headline),
    ...(notes.length > 0 ? [notesOf(message)] : []),
    ...(facts.length > 0 ? [facts.map(({ label, text }) => labelled(label, factOf(text))).join('\n')] : []),
    ...parts.map(
      part =>
        `${part.heading === null ? '' : `${t('heading', { text: part.heading })}\n`}${onlyLinks(passageOf(part, message), part.links)}`
    ),
    ...(links.length > 0 ? [links.map(({ text, url }) => labelled(text, url)).join('\n')] : []),
    `-- \n${withoutLinks(origin)}`
  ].join('\n\n')
}

function htmlOf(message: Message, { language = 'en' }: RenderOptions, cid?: string): string {
  const { title, notes, facts, parts, links, origin } = message
  const rows = facts.map(
    ({ label, text }) =>
      `<tr><th align="left">${htmlEscape(label)}</th><td>${htmlEscape(factOf(text))}</td></tr>`
  )
  return [
    `<!doctype html><html lang="${language}"><head><meta charset="utf-8"></head>`,
    `<body style="font-family:sans-serif"><div style="border-left:6px solid ${colorOf(message)};padding-left:12px">`,
    `<h2>${htmlEscape(cut(withoutLinks(title), max.headline))}</h2>`,
    ...(notes.length > 0 ? [paragraph(notesOf(message))] : []),
    ...(rows.length > 0 ? [`<table cellpadding="4">${rows.join('')}</table>`] : []),
    ...(cid === undefined ? [] : [imageLine(cid, message)]),
    ...parts.flatMap(part => [
      ...(part.heading === null ? [] : [`<h4>${htmlEscape(part.heading)}</h4>`]),
      paragraphOf(part, message)
    ]),
    ...(links.length > 0
      ? [`<p>${links.map(({ text, url }) => `<a href="${htmlEscape(url)}">${text}</a>`).join(' · ')}</p>`]
      : []),
    `<p style="color:#777">${htmlEscape(withoutLinks(origin))}</p></div></body></html>`
  ].join('\n')
}

const notesOf = ({ notes, t }: Message): string => withoutLinks(linesWithin(notes, max.line, max.notes, t))
const factOf = (text: string): string => cut(withoutLinks(text), max.fact)

const passageOf = ({ key, lines }: Part, { t }: Message): string => linesWithin(lines, max.line, most[key], t)

function paragraphOf(part: Part, message: Message): string {
  const html = runsOf(passageOf(part, message), part.links).map(({ text, url }) =>
    url === null ? htmlLines(withoutLinks(text)) : linkTo(url, text)
  )
  return `<p>${html.join('')}</p>`
}

const htmlLines = (text: string): string => htmlEscape(text).replaceAll('\n', '<br>')
const paragraph = (text: string): string => `<p>${htmlLines(text)}</p>`
