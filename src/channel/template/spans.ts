// Values are kept apart from what a template's author wrote until the whole is rendered: each form then makes them inert
// in its own way. The two characters are of the private use area; no text from outside and no template keeps them.
const opens = '\ue000'
const closes = '\ue001'
const either = /[\ue000\ue001]/g

/** Without the marks of values. */
export const unmarked = (text: string): string => text.replace(either, '')

/** What is the same in every form, as most names and numbers are; it needs no marks. */
const inert = /^[\p{L}\p{N} _,;%=+()-]*$/u

/** A value within a rendered text. */
export const markValue = (text: string): string => {
  const value = unmarked(text)
  return inert.test(value) ? value : `${opens}${value}${closes}`
}

/** Changes values and what is between them, each by itself. A mark that a filter has cut off closes at the end. */
export function mapSpans(
  text: string,
  ofValue: (value: string) => string,
  ofLiteral: (literal: string) => string = literal => literal
): string {
  let depth = 0
  let from = 0
  let mapped = ''
  const take = (to: number) => {
    if (to > from) mapped += depth > 0 ? ofValue(text.slice(from, to)) : ofLiteral(text.slice(from, to))
    from = to + 1
  }
  for (const { 0: mark, index } of text.matchAll(either)) {
    take(index)
    depth = mark === opens ? depth + 1 : Math.max(0, depth - 1)
  }
  take(text.length)
  return mapped
}

/** The same with the marks left in place. */
export const mapMarked = (text: string, ofValue: (value: string) => string): string =>
  mapSpans(text, value => `${opens}${ofValue(value)}${closes}`)
