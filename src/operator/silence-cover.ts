import type { StoredIncident } from '../incident/types.ts'
import type { Matchers } from '../routing/matchers.ts'
import type { Routing } from '../routing/router.ts'
import type { Operating } from './operator.ts'

const mostRead = 1_000

/** An open incident that a silence would cover, and who would no longer be notified of it. */
export interface Covered {
  readonly incident: StoredIncident
  readonly receivers: readonly string[]
}

/** What a silence would cover now, were it made. */
export async function coveredBy(
  matchers: Matchers,
  operating: Pick<Operating, 'incidents' | 'now'>,
  routing: Routing
): Promise<readonly Covered[]> {
  const open = await operating.incidents({ status: 'open', limit: mostRead })
  return open
    .filter(incident => routing.matches(matchers, incident))
    .map(incident => ({ incident, receivers: [...routing.names(incident, operating.now())] }))
}
