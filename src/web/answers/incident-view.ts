import { subjectOf } from '../../channel/message/format.ts'
import type { IncidentLabel } from '../../incident/labels.ts'
import type { StoredIncident } from '../../incident/types.ts'
import { viewOfIncident } from '../../store/tables/incidents.ts'
import type { Incident } from '../api/incidents.ts'
import type { Shop } from './shop.ts'

/** An incident as the API shows it in a list. */
export function incidentView(
  incident: StoredIncident,
  { currency }: Pick<Shop, 'currency'>,
  label?: IncidentLabel
): Incident {
  const { unit } = incident.lastAnomaly
  const lossUnit = incident.lossUnit ?? unit
  return {
    ...storedView(incident, label),
    title: subjectOf({ ...incident, incident }),
    unit,
    currency: unit === 'money' || lossUnit === 'money' ? currency() : null,
    loss_unit: lossUnit,
    silenced_by: incident.silencedBy
  }
}

type View = Omit<Incident, 'title' | 'unit' | 'currency' | 'loss_unit' | 'silenced_by'>

/** Cells of a table are wider in their type than what an incident has in them. */
const storedView = (incident: StoredIncident, label: IncidentLabel | undefined) =>
  viewOfIncident(incident, label) as View
