/** A decimal of Kafka Connect or Avro: its unscaled value as bytes, the most significant first, in base64. */
export function readBase64Decimal(text: string): number {
  if (!/^[A-Za-z0-9+/]{2,32}={0,2}$/.test(text) || text.length % 4 !== 0) return Number.NaN
  const bytes = Buffer.from(text, 'base64')
  return Number(BigInt.asIntN(8 * bytes.length, BigInt(`0x${bytes.toString('hex')}`)))
}
