import type { Plan } from '../../producer/plan.ts'
import type { NotificationRecord, StoredIncident } from '../incident/types.ts'
import { buildReplay } from '../run/assembly/replay.ts'
import { openStore } from '../store/open.ts'
import type { AnomalyRow } from '../store/types.ts'
import type { Clock } from '../telemetry/clock.ts'
import type { Logger } from '../telemetry/types.ts'
import { demoConfig } from './config.ts'
import { type InboxMessage, openInbox } from './inbox/inbox.ts'
import { play } from './stream.ts'

export interface PacedOptions {
  readonly plan: Plan
  readonly pipeline: string
  readonly folder: string
  /** Wall time to a minute of event time. */
  readonly paceMs: number
  readonly clock: Clock
  readonly log: Logger
  readonly onMessage: (message: InboxMessage) => void
  readonly onMinute: (eventTime: number, lines: number) => void
}

/** Plays a plan through the stages into the embedded engine, its alerts over HTTP to a local inbox. */
export async function playPaced(
  options: PacedOptions
): Promise<{ readonly messages: number; readonly refused: number }> {
  const { plan, pipeline, folder, clock, log } = options
  const inbox = await openInbox({ clock, onMessage: options.onMessage })
  try {
    const loaded = demoConfig(pipeline, folder, inbox)
    const run = await buildReplay({ loaded, clock, log, folder, send: true, onDecision: () => {} })
    await play(plan, options.paceMs, clock, (line, at) => run.replay.take(line, at), options.onMinute)
    run.replay.end()
    await run.close()
    const { messages } = inbox
    return { messages: messages.length, refused: messages.filter(({ accepted }) => !accepted).length }
  } finally {
    await inbox.close()
  }
}

/** Plays a plan as fast as it goes, into the store alone. */
export async function playFast(
  plan: Plan,
  pipeline: string,
  folder: string,
  clock: Clock,
  log: Logger
): Promise<void> {
  const loaded = demoConfig(pipeline, folder, 'decided alone')
  const run = await buildReplay({ loaded, clock, log, folder, send: false, onDecision: () => {} })
  await play(
    plan,
    0,
    clock,
    (line, at) => run.replay.take(line, at),
    () => {}
  )
  run.replay.end()
  await run.close()
}

/** What a pipeline left in a folder. */
export interface Left {
  readonly rows: readonly AnomalyRow[]
  readonly incidents: readonly StoredIncident[]
  readonly notifications: readonly NotificationRecord[]
}

/** What each pipeline left in a folder, read back. */
export async function leftIn(folder: string): Promise<(pipeline: string) => Left> {
  const store = await openStore({ folder, timeoutMs: 30_000 })
  try {
    const rows = Map.groupBy(await store.anomalies({}), row => row.pipeline)
    const incidents = Map.groupBy(await store.findIncidents({}), row => row.pipeline)
    const notifications = Map.groupBy(await store.findNotifications({}), row => row.pipeline)
    return pipeline => ({
      rows: rows.get(pipeline) ?? [],
      incidents: incidents.get(pipeline) ?? [],
      notifications: notifications.get(pipeline) ?? []
    })
  } finally {
    await store.close()
  }
}
