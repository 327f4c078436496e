import type { Config } from '../../config/schema.ts'
import type { NotificationRecord } from '../../incident/types.ts'
import { dayMs } from '../../time/units.ts'
import { tokenOf } from './tokens.ts'

const weekMs = 7 * dayMs

/** Makes links to the page of an incident, which acknowledges it; null where the settings for it are missing. */
export const incidentLinks =
  ({ publicUrl, linkSecret }: Pick<Config['http'], 'publicUrl' | 'linkSecret'>) =>
  ({ incidentId, severity, decidedAt }: NotificationRecord): string | null => {
    if (publicUrl === null || linkSecret === null) return null
    const expiresAt = decidedAt + weekMs
    return `${publicUrl}/a/${tokenOf(linkSecret, { incidentId, severity, expiresAt })}`
  }
