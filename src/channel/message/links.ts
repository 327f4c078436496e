import { withoutLinks } from './text.ts'

/** A stretch of a text: an address that the configuration names, or text in which nothing may become a link. */
interface Run {
  readonly text: string
  readonly url: string | null
}

/** An address in a text of the configuration, placeholders and all; what ends the sentence is no part of it. */
const written = /https?:\/\/[^\s<>"']+/g
const closing = /[.,;:!?]+$/

/** Cuts a text at the addresses in it. */
export function addressesIn(text: string): Run[] {
  const runs: Run[] = []
  let at = 0
  for (const { 0: found, index } of text.matchAll(written)) {
    const url = unbracketed(found)
    if (index > at) runs.push({ text: text.slice(at, index), url: null })
    runs.push({ text: url, url })
    at = index + url.length
  }
  if (at < text.length) runs.push({ text: text.slice(at), url: null })
  return runs
}

/** Without what closes the sentence or the bracket around it. */
function unbracketed(found: string): string {
  const url = found.replace(closing, '')
  return url.endsWith(')') && !url.includes('(') ? unbracketed(url.slice(0, -1)) : url
}

/** Cuts a text at the addresses that may be links in it. What was cut off in the middle is none. */
export function runsOf(text: string, links: readonly string[]): Run[] {
  const known = new Set(links)
  return addressesIn(text).map(run => (run.url !== null && known.has(run.url) ? run : { ...run, url: null }))
}

/** The text as a receiver shows it that makes links by itself: only of what the configuration names. */
export const onlyLinks = (text: string, links: readonly string[]): string =>
  runsOf(text, links)
    .map(run => (run.url === null ? withoutLinks(run.text) : run.text))
    .join('')
