import { createHmac, hash, timingSafeEqual } from 'node:crypto'

/** How far a request's own time may be from ours, either way. */
export const signedWithinMs = 300_000

export const hmacOf = (secret: string, text: string | Buffer): string =>
  createHmac('sha256', secret).update(text).digest('hex')

/** Equal or not, in a time that tells nothing of where they differ, nor of how long the right one is. */
export const isSame = (one: string, other: string): boolean =>
  timingSafeEqual(hash('sha256', one, 'buffer'), hash('sha256', other, 'buffer'))

export type Verified =
  /** `place`: by which of several secrets, from 0; the first is the newest. */
  { readonly kind: 'right'; readonly place: number } | { readonly kind: 'wrong'; readonly reason: string }

/** Which of several secrets fits, from 0; -1 where none does. All are compared, whichever it is. */
export const placeOf = (secrets: readonly string[], fits: (secret: string) => boolean): number =>
  secrets.map(fits).indexOf(true)

const wrong = (reason: string): Verified => ({ kind: 'wrong', reason })

export function verifySlack(
  secrets: readonly string[],
  {
    body,
    timestamp,
    signature
  }: { body: Buffer; timestamp: string | undefined; signature: string | undefined },
  nowMs: number
): Verified {
  if (timestamp === undefined || signature === undefined) return wrong('not_signed')
  const signed = Buffer.concat([Buffer.from(`v0:${timestamp}:`), body])
  const place = placeOf(secrets, secret => isSame(signature, `v0=${hmacOf(secret, signed)}`))
  if (place < 0) return wrong('wrong_signature')
  const offMs = Math.abs(nowMs - Number(timestamp) * 1_000)
  return offMs <= signedWithinMs ? { kind: 'right', place } : wrong('wrong_time')
}

/** PagerDuty sends a signature for each secret that is in use, with commas between them. */
export function verifyPagerDuty(
  secrets: readonly string[],
  body: Buffer,
  signatures: string | undefined
): Verified {
  if (signatures === undefined) return wrong('not_signed')
  const given = signatures.split(',').map(signature => signature.trim())
  const place = placeOf(secrets, secret => {
    const expected = `v1=${hmacOf(secret, body)}`
    return given.map(signature => isSame(signature, expected)).includes(true)
  })
  return place < 0 ? wrong('wrong_signature') : { kind: 'right', place }
}
