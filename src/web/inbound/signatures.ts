import { createHmac, hash, timingSafeEqual } from 'node:crypto'

/** How far a request's own time may be from ours, either way. */
export const signedWithinMs = 300_000

export const hmacOf = (secret: string, text: string | Buffer): string =>
  createHmac('sha256', secret).update(text).digest('hex')

/** Equal or not, in a time that tells nothing of where they differ, nor of how long the right one is. */
export const isSame = (one: string, other: string): boolean =>
  timingSafeEqual(hash('sha256', one, 'buffer'), hash('sha256', other, 'buffer'))

export type Verified = { readonly kind: 'right' } | { readonly kind: 'wrong'; readonly reason: string }

const right: Verified = { kind: 'right' }
const wrong = (reason: string): Verified => ({ kind: 'wrong', reason })

export function verifySlack(
  secret: string,
  {
    body,
    timestamp,
    signature
  }: { body: Buffer; timestamp: string | undefined; signature: string | undefined },
  nowMs: number
): Verified {
  if (timestamp === undefined || signature === undefined) return wrong('not_signed')
  const expected = `v0=${hmacOf(secret, Buffer.concat([Buffer.from(`v0:${timestamp}:`), body]))}`
  if (!isSame(signature, expected)) return wrong('wrong_signature')
  const offMs = Math.abs(nowMs - Number(timestamp) * 1_000)
  return offMs <= signedWithinMs ? right : wrong('wrong_time')
}

/** PagerDuty sends a signature for each secret that is in use, with commas between them. */
export function verifyPagerDuty(secret: string, body: Buffer, signatures: string | undefined): Verified {
  if (signatures === undefined) return wrong('not_signed')
  const expected = `v1=${hmacOf(secret, body)}`
  const given = signatures.split(',').map(signature => signature.trim())
  return given.map(signature => isSame(signature, expected)).includes(true) ? right : wrong('wrong_signature')
}
