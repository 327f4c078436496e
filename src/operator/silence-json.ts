import type { Silence } from '../incident/types.ts'
import { versioned } from '../store/tables/json-version.ts'

const iso = (ms: number) => new Date(ms).toISOString()

/** A silence as JSON, for the command line and the API. */
export const silenceJson = ({ id, matchers, by, reason, startsAt, endsAt }: Silence) =>
  versioned({
    id,
    match: {
      ...(matchers.kinds && { kind: matchers.kinds }),
      ...(matchers.severities && { severity: matchers.severities }),
      ...(matchers.segments && { segment: matchers.segments }),
      ...(matchers.pipelines && { pipeline: matchers.pipelines }),
      ...(Object.keys(matchers.labels).length > 0 && { labels: matchers.labels })
    },
    by,
    reason,
    starts_at: iso(startsAt),
    ends_at: iso(endsAt)
  })
