import { useSignal } from '@preact/signals'
import type { IncidentsAnswer } from '../../src/web/api/incidents.ts'
import { incidentChanges } from '../api/live.ts'
import { useResource } from '../api/resource.ts'
import { moveFocus, useKeyBindings } from '../keys.ts'
import { anyOf, Choice } from '../parts/choice.tsx'
import { IncidentRow } from '../parts/incident-row.tsx'
import { Empty, Loaded } from '../parts/notes.tsx'
import { useTitle } from '../title.ts'

const spans = [
  ['1', 'the last day'],
  ['7', 'the last 7 days'],
  ['28', 'the last 28 days']
] as const

/** Incidents of the last days, open or over. */
export function Incidents() {
  useTitle('Incidents')
  const days = useSignal('7')
  const severity = useSignal('')
  // To the hour, so that the same question is asked again when something changes.
  const sinceMs = Math.floor(Date.now() / 3_600_000) * 3_600_000 - Number(days.value) * 86_400_000
  const query = new URLSearchParams({ since: new Date(sinceMs).toISOString(), limit: '200' })
  if (severity.value !== '') query.set('severity', severity.value)
  const resource = useResource<IncidentsAnswer>(`/api/incidents?${query}`, incidentChanges)
  useKeyBindings({
    j: () => moveFocus('.incident-link', 1),
    k: () => moveFocus('.incident-link', -1)
  })
  return (
    <>
      <h1>Incidents</h1>
      <form class="choices">
        <Choice label="Of" chosen={days} from={spans} />
        <Choice label="Severity" chosen={severity} from={anyOf(['critical', 'high', 'medium', 'low'])} />
      </form>
      <Loaded resource={resource} what="the incidents">
        {({ incidents, next_cursor: more }) => (
          <>
            <ul class="incidents">
              {incidents.map(incident => (
                <IncidentRow key={incident.id} incident={incident} />
              ))}
            </ul>
            {incidents.length === 0 && (
              <Empty command="npx cartwatch replay FILE">
                None in this time. What this configuration would have found in recorded events:
              </Empty>
            )}
            {more !== null && (
              <Empty command="npx cartwatch incidents --since 28d">These are the newest. All of them:</Empty>
            )}
          </>
        )}
      </Loaded>
    </>
  )
}
