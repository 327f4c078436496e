import type { NotificationRecord } from '../../incident/types.ts'
import { runsOf } from '../message/links.ts'
import { composeMessage, type Message, type Part } from '../message/message.ts'
import { plainlyOf } from '../message/plain-fallback.ts'
import { cut, linesWithin, withoutLinks } from '../message/text.ts'
import type { RenderOptions } from '../types.ts'

type Element = Readonly<Record<string, unknown>>

export interface TeamsMessage {
  readonly type: 'message'
  readonly attachments: readonly Element[]
}

/** A message over 28 KB is refused; some room stays for what a workflow adds. */
const maxBytes = 26_000

/** How much of its full room each passage gets, one attempt after the other, until the whole fits. */
const least = 0.1
const shares = [1, 0.5, 0.25, least] as const
const max = { title: 200, fact: 220, notes: 600, line: 300, origin: 280 }
const most: Readonly<Record<Part['key'], number>> = {
  changes: 500,
  symptoms: 1_200,
  details: 2_000,
  picture: 120,
  where: 1_500,
  reported: 1_500,
  check_first: 1_000,
  explains: 1_000,
  incidents: 4_000
}

/** The card for a notification, in the envelope that a workflow's webhook takes. */
export function teamsMessage(
  notification: NotificationRecord,
  renderOptions: RenderOptions,
  picture: Buffer | null = null
): TeamsMessage {
  const message = composeMessage(notification, renderOptions)
  const render = (share: number, image: readonly Element[] = []) =>
    enveloped([...bodyOf(message, share), ...image], actionsOf(message))
  const fits = (one: TeamsMessage) => bytesOf(one) <= maxBytes
  // Words come first: a picture takes what room they leave.
  const share = shares.find(one => fits(render(one))) ?? least
  const pictured = picture && render(share, [imageOf(picture, message)])
  return pictured && fits(pictured) ? pictured : render(share)
}

/** Within the card, for a workflow takes no files. */
const imageOf = (picture: Buffer, { title }: Message): Element => ({
  type: 'Image',
  url: `data:image/png;base64,${picture.toString('base64')}`,
  altText: shown(cut(title, max.title)),
  size: 'Stretch'
})

export const hasPicture = ({ attachments }: TeamsMessage): boolean =>
  JSON.stringify(attachments).includes('"url":"data:image/png;base64,')

export const plainTeamsMessage = (notification: NotificationRecord, problem: string): TeamsMessage =>
  enveloped([paragraph(plainlyOf(notification, problem))], [])

/** A card in the user's words: a passage for each of its lines, and the usual links under them. */
export function ownTeamsMessage(message: Message, text: string, links: readonly string[]): TeamsMessage {
  const lines = text.split('\n').filter(line => line.trim() !== '')
  const body = lines.map((line, at) => {
    const style = at === 0 ? { size: 'Large', weight: 'Bolder', color: colorOf(message) } : {}
    return { type: 'RichTextBlock', inlines: linked(line, links, style) }
  })
  return enveloped(body, actionsOf(message))
}

export const bytesOf = (message: TeamsMessage): number => Buffer.byteLength(JSON.stringify(message))

function enveloped(body: readonly Element[], actions: readonly Element[]): TeamsMessage {
  const content = {
    $schema: 'http://adaptivecards.io/schemas/adaptive-card.json',
    type: 'AdaptiveCard',
    version: '1.4',
    msteams: { width: 'Full' },
    body,
    ...(actions.length > 0 && { actions })
  }
  return {
    type: 'message',
    attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive', contentUrl: null, content }]
  }
}

function bodyOf(message: Message, share: number): Element[] {
  const room = (length: number) => Math.max(60, Math.floor(length * share))
  const lines = (list: readonly string[], length: number) =>
    linesWithin(list, max.line, room(length), message.t)
  return [
    paragraph(cut(`${message.mark} ${message.title}`, max.title), {
      size: 'Large',
      weight: 'Bolder',
      color: colorOf(message)
    }),
    ...(message.notes.length > 0 ? [paragraph(lines(message.notes, max.notes))] : []),
    ...message.facts.map(({ label, text }) => labelled(message, label, cut(text, room(max.fact)))),
    ...message.parts.map(({ key, heading, lines: list, links }) => {
      const text = lines(list, most[key])
      return heading === null ? paragraph(text) : labelled(message, heading, text, links)
    }),
    paragraph(cut(message.origin, max.origin), { size: 'Small', isSubtle: true })
  ]
}

const actionsOf = ({ links }: Message): Element[] =>
  links.map(({ text, url }) => ({ type: 'Action.OpenUrl', title: text, url }))

function colorOf({ state, severity }: Message): string {
  if (state === 'resolved') return 'Good'
  return { critical: 'Attention', high: 'Attention', medium: 'Warning', low: 'Accent' }[severity]
}

// A run of a rich text is not Markdown, as a TextBlock's text is: nothing in it can link or break out.
const run = (text: string, style: Element = {}): Element => ({
  type: 'TextRun',
  // A card with a blank run is refused.
  text: shown(text) || '–',
  ...style
})
const paragraph = (text: string, style: Element = {}): Element => ({
  type: 'RichTextBlock',
  inlines: [run(text, style)]
})
const labelled = ({ t }: Message, label: string, text: string, links: readonly string[] = []): Element => ({
  type: 'RichTextBlock',
  inlines: [
    run(`${t('heading', { text: label })} `, { weight: 'Bolder' }),
    ...(links.length > 0 ? linked(text, links) : [run(text)])
  ]
})
const linked = (text: string, links: readonly string[], style: Element = {}): Element[] =>
  runsOf(text, links).map(({ text: part, url }) =>
    url === null
      ? run(part, style)
      : { type: 'TextRun', text: part, ...style, selectAction: { type: 'Action.OpenUrl', title: part, url } }
  )

/** A card would compute `{{DATE(…)}}`; an invisible joiner breaks it. */
const shown = (text: string): string => withoutLinks(text).replaceAll('{{', '{\u2060{')
