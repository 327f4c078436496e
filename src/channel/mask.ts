const maxAnswerLength = 200
const blanks = /[\p{Cc}\s]+/gu

/** A receiver's answer as it may be logged and stored: on one line, short, without the secrets named. */
export function maskAnswer(answer: string, secrets: readonly string[]): string {
  const masked = secrets.reduce((text, secret) => (secret ? text.replaceAll(secret, '***') : text), answer)
  const line = masked.replace(blanks, ' ').trim()
  return line.length > maxAnswerLength ? `${line.slice(0, maxAnswerLength - 1)}…` : line
}
