import type { Label } from './label.ts'
import type { OperatorAction } from './types.ts'

/** What somebody said an incident was. */
export interface IncidentLabel extends Label, Pick<OperatorAction, 'by' | 'via' | 'at'> {}

/** The last label of each incident, of actions in the order of their time. */
export const latestLabels = (actions: readonly OperatorAction[]): ReadonlyMap<string, IncidentLabel> =>
  new Map(actions.map(labelOf).filter(entry => entry !== undefined))

function labelOf({ incidentId, label, by, via, at }: OperatorAction) {
  if (incidentId === null || label === undefined) return undefined
  return [incidentId, { ...label, by, via, at }] as const
}
