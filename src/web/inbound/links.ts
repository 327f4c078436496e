import type { Config } from '../../config/schema.ts'
import type { NotificationRecord } from '../../incident/types.ts'
import { dayMs } from '../../time/units.ts'
import { tokenOf } from './tokens.ts'

const weekMs = 7 * dayMs

/** Makes links to the page that acknowledges an incident; null for a message that has none. */
export const acknowledgeLinks =
  ({ publicUrl, linkSecret }: Pick<Config['http'], 'publicUrl' | 'linkSecret'>) =>
  ({ incidentId, severity, decidedAt, action }: NotificationRecord): string | null => {
    if (publicUrl === null || linkSecret === null || action !== 'trigger') return null
    const expiresAt = decidedAt + weekMs
    return `${publicUrl}/a/${tokenOf(linkSecret, { incidentId, severity, expiresAt })}`
  }
