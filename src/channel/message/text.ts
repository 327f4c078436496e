import { english, type Translate } from '../../language/translator.ts'
import { visible } from '../../telemetry/visible-text.ts'

/** Text from outside on one line, made of what can be shown. */
export const plain = (text: string): string => visible(text.trim())

/** At most `max` UTF-16 units, an ellipsis at the cut; no character is split. */
export function cut(text: string, max: number): string {
  if (text.length <= max) return text
  return `${start(text, max - 1)}…`
}

/** The start of a text from outside, as it can be shown; the rest, of whatever length, costs nothing. */
export const plainStart = (text: string, max: number): string => cut(plain(cut(text, 2 * max)), max)

/** At most `max` UTF-16 units, the last line saying how many characters were cut. */
export function cutWithNotice(text: string, max: number, t: Translate = english): string {
  if (text.length <= max) return text
  const room = 40
  const kept = start(text, max - room)
  return `${kept}…\n${t('part.cut', { count: text.length - kept.length })}`
}

function start(text: string, max: number): string {
  const last = text.charCodeAt(max - 1)
  const splitsPair = last >= 0xd800 && last <= 0xdbff
  return text.slice(0, splitsPair ? max - 1 : max)
}

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;'
}

/** Text as HTML shows it, also within an attribute. */
export const htmlEscape = (text: string): string =>
  text.replace(/[&<>"']/g, character => entities[character] ?? character)

const markup: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }

/** At most `max` UTF-16 units of Slack markup that shows `text` as it is; no entity is split. */
export function slackEscape(text: string, max: number): string {
  let escaped = ''
  for (const character of text) {
    const next = markup[character] ?? character
    if (escaped.length + next.length > max - 1) return `${escaped}…`
    escaped += next
  }
  return escaped
}

/** Keeps Slack from making links of addresses in a text that it searches for them: invisible joiners break them. */
export function withoutLinks(text: string): string {
  return text.replace(/(:)(\/\/)/g, '$1\u2060$2').replace(/(\.)(?=\p{L})/gu, '$1\u2060')
}

/**
 * A passage within `most` units: one line is cut with a notice; of several, each is cut to `longest`, and a last one
 * says how many are left out.
 */
export function linesWithin(
  lines: readonly string[],
  longest: number,
  most: number,
  t: Translate = english
): string {
  const [first = ''] = lines
  if (lines.length <= 1) return cutWithNotice(first, most, t)
  const kept: string[] = []
  let length = 0
  for (const line of lines) {
    const shown = cut(line, longest)
    const isLast = kept.length === lines.length - 1
    if (length + shown.length + (isLast ? 0 : roomForRest) > most) break
    kept.push(shown)
    length += shown.length + 1
  }
  const rest = lines.length - kept.length
  return [...kept, ...(rest > 0 ? [t('part.more', { count: rest })] : [])].join('\n')
}

const roomForRest = 24
