import type { Decider } from '../../decide/decider.ts'
import { createStoredInput } from '../../decide/stored-input.ts'
import type { Change } from '../../incident/changes.ts'
import type { ServiceAlert } from '../../incident/service-alert.ts'
import type { OperatorAction } from '../../incident/types.ts'
import { dayMs, hourMs } from '../../time/units.ts'
import type { LiveOptions } from './types.ts'

/** Another process may have a clock that is behind by this much. */
const actionsBackMs = hourMs
/** What was changed before can't be what an incident that begins now comes from; some tell of it late. */
const changesBackMs = 2 * hourMs
/** It is told of minutes before anything is found. */
const changesPollMs = 10_000
/** Alerts of services wait for an instance that works, for so long at most. */
const alertsBackMs = 2 * dayMs

/** What comes in by the store: what people did and told, and what other services raised. */
export function createStoredInputs(
  { pipeline, store, clock, log }: Pick<LiveOptions, 'pipeline' | 'store' | 'clock' | 'log'>,
  decider: Pick<Decider, 'act' | 'changes' | 'serviceAlerts'>,
  isWorking: () => boolean
) {
  const actions = createStoredInput<OperatorAction>({
    what: 'the actions of operators',
    read: nowMs => store.actions(pipeline, nowMs - actionsBackMs),
    take: decider.act,
    ...{ isWorking, clock, log }
  })
  const changes = createStoredInput<Change>({
    what: 'changes',
    read: nowMs => store.changes(pipeline, nowMs - changesBackMs),
    take: decider.changes,
    pollMs: changesPollMs,
    ...{ isWorking, clock, log }
  })
  const serviceAlerts = createStoredInput<ServiceAlert>({
    what: 'the alerts of other services',
    read: nowMs => store.unseenServiceAlerts(pipeline, nowMs - alertsBackMs),
    take: decider.serviceAlerts,
    ...{ isWorking, clock, log }
  })
  return { actions, changes, serviceAlerts }
}
