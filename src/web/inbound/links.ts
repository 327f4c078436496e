import type { NotificationRecord } from '../../incident/types.ts'
import { dayMs } from '../../time/units.ts'
import { tokenOf } from './tokens.ts'

export interface LinksOptions {
  /** Without a slash at its end. */
  readonly publicUrl: string | null
  readonly secret: string | null
  readonly ttlMs?: number
}

export interface Links {
  /** A link to the page that acknowledges an incident; null where there is no such page. */
  acknowledgeUrl(notification: NotificationRecord): string | null
}

const weekMs = 7 * dayMs

export function createLinks({ publicUrl, secret, ttlMs = weekMs }: LinksOptions): Links {
  return {
    acknowledgeUrl({ incidentId, severity, decidedAt, action }) {
      if (publicUrl === null || secret === null) return null
      if (action !== 'trigger') return null
      const expiresAt = decidedAt + ttlMs
      return `${publicUrl}/a/${tokenOf(secret, { incidentId, severity, expiresAt })}`
    }
  }
}
