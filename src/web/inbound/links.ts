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

/** The address of an incident in the page, with its id as a placeholder; null where nobody can sign in to it. */
export function incidentPage({
  publicUrl,
  password,
  viewPassword,
  userHeader
}: Pick<Config['http'], 'publicUrl' | 'password' | 'viewPassword' | 'userHeader'>): string | null {
  const isOpen = password !== null || viewPassword !== null || userHeader !== null
  return publicUrl !== null && isOpen ? `${publicUrl}/incidents/{incident}` : null
}
