import { type Severity, severities } from '../../../detectors/types.ts'
import { hmacOf, isSame } from './signatures.ts'

/** What a link is for. */
export interface LinkClaim {
  readonly incidentId: string
  /** The severity in the message with the link. */
  readonly severity: Severity
  readonly expiresAt: number
}

export type ReadToken =
  | { readonly kind: 'good'; readonly claim: LinkClaim }
  | { readonly kind: 'bad' }
  | { readonly kind: 'expired' }

/** A text for a URL that only the holder of the secret can make. */
export function tokenOf(secret: string, { incidentId, severity, expiresAt }: LinkClaim): string {
  const claim = Buffer.from(JSON.stringify([incidentId, severity, expiresAt])).toString('base64url')
  return `${claim}.${signatureOf(secret, claim)}`
}

export function readToken(secret: string, token: string, nowMs: number): ReadToken {
  const [claim = '', signature = '', ...more] = token.split('.')
  if (more.length || !isSame(signature, signatureOf(secret, claim))) return { kind: 'bad' }
  const [incidentId, severity, expiresAt] = JSON.parse(Buffer.from(claim, 'base64url').toString()) as [
    string,
    Severity,
    number
  ]
  if (!severities.includes(severity)) return { kind: 'bad' }
  return nowMs < expiresAt
    ? { kind: 'good', claim: { incidentId, severity, expiresAt } }
    : { kind: 'expired' }
}

/** The words before it keep a signature of ours for anything else from being one of a link. */
const signatureOf = (secret: string, claim: string): string =>
  Buffer.from(hmacOf(secret, `cartwatch link ${claim}`), 'hex').toString('base64url')
