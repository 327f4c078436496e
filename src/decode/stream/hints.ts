/** No price is longer. */
const maxLength = 64

/** What to do about a time that is not read; undefined where nobody can know. */
export function timeHint(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined
  const [, first, other] = /^(\d{1,2})[-/](\d{1,2})[-/]\d{4}\b/.exec(value) ?? []
  if (first !== undefined && other !== undefined) {
    const order =
      Number(first) > 12 ? 'day_first' : Number(other) > 12 ? 'month_first' : 'day_first or month_first'
    return `set events.date_order: ${order}`
  }
  return /^(?:\d{4}[-/.]?\d{1,2}[-/.]?\d{1,2}|\d{1,2}\.\d{1,2}\.\d{4})$/.test(value)
    ? 'it has no time of day'
    : undefined
}

/** What to do about a price that is not read; undefined where nobody can know. */
export function priceHint(value: unknown): string | undefined {
  if (typeof value === 'object' && value !== null)
    return Array.isArray(value)
      ? 'it is a list: name its entries, such as items[].price'
      : 'it is an object: name the path to the number, such as price.amount'
  if (typeof value !== 'string') return undefined
  if (value.length <= maxLength && /^[^\d.,]*\d{1,3}[.,]\d{3}[^\d.,]*$/.test(value))
    return 'it could be two numbers: set events.decimal: point or comma'
  return looksBinary(value)
    ? 'it looks like a decimal of Kafka Connect or Avro: set events.decimal: base64 and events.money.scale, or let the connector write texts (decimal.handling.mode: string)'
    : undefined
}

/** Base64 with its padding, or with digits among capitals; or bytes as a text. */
function looksBinary(text: string): boolean {
  if (text.length > maxLength) return false
  // biome-ignore lint/suspicious/noControlCharactersInRegex: bytes that were written as a text hold them.
  if (/[\x00-\x1f\x80-\x9f]/.test(text)) return true
  return (
    /^[A-Za-z0-9+/]+={0,2}$/.test(text) && text.length % 4 === 0 && /=$|[+/]|[A-Z].*\d|\d.*[A-Z]/.test(text)
  )
}
