import type { StoredIncident } from '../incident/types.ts'
import type { Store } from '../store/types.ts'
import { UsageError } from './with-store.ts'

const leastPrefix = 6
/** Of several that begin alike, so many are named. */
const named = 5

/** The incident whose id this is, or begins with; rejects with a UsageError where that is not exactly one. */
export async function findIncident(store: Store, text: string): Promise<StoredIncident> {
  const prefix = text.trim().toLowerCase()
  if (!/^[0-9a-f-]+$/.test(prefix) || prefix.length < leastPrefix)
    throw new UsageError(
      `"${text}" is not an incident id: give the whole id or at least its first ${leastPrefix} characters`
    )
  const found = await store.findIncidents({ idPrefix: prefix, limit: named + 1 })
  const [only] = found
  if (only === undefined)
    throw new UsageError(`There is no incident ${prefix} (cartwatch incidents lists them)`)
  if (found.length === 1) return only
  const ids = found.slice(0, named).map(({ id }) => id)
  const rest = found.length > named ? ' and others' : ''
  throw new UsageError(`Several incidents begin with ${prefix}: ${ids.join(', ')}${rest}`)
}
