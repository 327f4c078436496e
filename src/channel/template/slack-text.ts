import { slackEscape, withoutLinks } from '../message/text.ts'
import { mapSpans } from './spans.ts'

/** A text as Slack's mrkdwn shows it: nothing in it mentions, links or breaks out. */
export const slackEscaped = (text: string, breaksLinks = true): string =>
  slackEscape(breaksLinks ? withoutLinks(text) : text, Number.POSITIVE_INFINITY)

/** An address within `<` and `>`, which it cannot end; what stands behind a bar would be shown in its place. */
export const slackAddress = (url: string): string => slackEscaped(url, false).replaceAll('|', '%7C')

/** A rendered text with its values made inert; an address that is known is a link. */
export const slackTextOf = (marked: string, addresses: ReadonlySet<string>): string =>
  mapSpans(marked, value => (addresses.has(value) ? `<${slackAddress(value)}>` : slackEscaped(value)))

/** At most `max` characters; no entity and no mark within `<` and `>` is split. */
export function cutMarkup(text: string, max: number): string {
  if (text.length <= max) return text
  const start = text.slice(0, max - 1).replace(/&[a-z#\d]{0,6}$/i, '')
  const opens = start.lastIndexOf('<')
  const whole = opens > start.lastIndexOf('>') ? start.slice(0, opens) : start
  return `${whole.toWellFormed()}…`
}

/** Passages of at most `max` characters, cut where lines end as far as that is possible. */
export function passagesOf(text: string, max: number): string[] {
  const passages: string[] = []
  let passage = ''
  for (const line of text.split('\n')) {
    const shown = cutMarkup(line, max)
    if (passage.length + shown.length + 1 > max) {
      passages.push(passage)
      passage = shown
    } else passage = passage === '' ? shown : `${passage}\n${shown}`
  }
  return [...passages, passage].map(one => one.trim()).filter(one => one !== '')
}
