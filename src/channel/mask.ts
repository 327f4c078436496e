/** A path shorter than this, such as `/hook`, hides nothing and is part of other texts. */
const leastPath = 16

/** The forms in which an answer may name a webhook, the longest first: a server often names no more than the path. */
export function formsOf(url: string): readonly string[] {
  const { origin, pathname } = new URL(url)
  return [url, url.slice(origin.length), pathname].filter(form => form === url || form.length >= leastPath)
}

const maxAnswerLength = 200
const blanks = /[\p{Cc}\s]+/gu

/** A receiver's answer as it may be logged and stored: on one line, short, without the secrets named. */
export function maskAnswer(answer: string, secrets: readonly string[]): string {
  const masked = secrets.reduce((text, secret) => (secret ? text.replaceAll(secret, '***') : text), answer)
  const line = masked.replace(blanks, ' ').trim()
  return line.length > maxAnswerLength ? `${line.slice(0, maxAnswerLength - 1)}…` : line
}
