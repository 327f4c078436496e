import { randomBytes, scryptSync } from 'node:crypto'
import { z } from 'zod'
import { parseJson } from '../../source/parse-json.ts'
import { hourMs } from '../../time/units.ts'
import { type Role, roles } from '../api/session.ts'
import { hmacOf, isSame } from '../inbound/signatures.ts'

export const sessionMs = 12 * hourMs

/** What a session's cookie says; signed with the secret by which its holder came in. */
interface Session {
  readonly name: string
  readonly role: Role
  readonly expiresAt: number
}

const claimSchema = z.tuple([z.string(), z.enum(roles), z.number(), z.string()])

/** A secret that opens sessions, and what they may. */
export interface SignInSecret {
  readonly secret: string
  readonly role: Role
}

/** Signs and reads sessions. They outlive a restart, hold on every instance, and end with the secret that opened them. */
export function createSessions(secrets: () => readonly SignInSecret[]) {
  const keys = new Map<string, string>()

  /** Slow to try: a cookie that was stolen must not give the password away. */
  function keyOf(secret: string): string {
    const key = keys.get(secret) ?? scryptSync(secret, 'cartwatch session', 32).toString('hex')
    keys.set(secret, key)
    return key
  }

  const signatureOf = (secret: string, claim: string) => hmacOf(keyOf(secret), `cartwatch session ${claim}`)

  return {
    sign({ name, role, expiresAt }: Session, secret: string): string {
      const parts = [name, role, expiresAt, randomBytes(9).toString('base64url')]
      const claim = Buffer.from(JSON.stringify(parts)).toString('base64url')
      return `${claim}.${signatureOf(secret, claim)}`
    },
    /** Undefined where it was not signed here, or is over. */
    read(text: string, nowMs: number): Session | undefined {
      const [claim = '', signature = ''] = text.split('.')
      const signed = secrets().find(({ secret }) => isSame(signature, signatureOf(secret, claim)))
      if (signed === undefined) return undefined
      const parsed = claimSchema.safeParse(parseJson(Buffer.from(claim, 'base64url').toString()))
      if (!parsed.success) return undefined
      const [name, role, expiresAt] = parsed.data
      return role === signed.role && nowMs < expiresAt ? { name, role, expiresAt } : undefined
    }
  }
}

const cookieName = 'cartwatch_session'

/** The value of our cookie in a request's header; undefined where it has none. */
export function cookieIn(header: string | undefined): string | undefined {
  for (const pair of (header ?? '').split(';')) {
    const [name = '', ...value] = pair.trim().split('=')
    if (name === cookieName) return value.join('=')
  }
  return undefined
}

/** Nobody's script reads it, and no other site's request carries it. */
export const cookieOf = (value: string, { maxAgeMs, isSecure }: { maxAgeMs: number; isSecure: boolean }) =>
  `${cookieName}=${value}; Path=/; Max-Age=${Math.floor(maxAgeMs / 1_000)}; HttpOnly; SameSite=Strict${isSecure ? '; Secure' : ''}`
