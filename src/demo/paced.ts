import type { Plan } from '../../producer/plan.ts'
import type { NotificationRecord, StoredIncident } from '../incident/types.ts'
import { buildReplay } from '../run/assembly/replay.ts'
import { buildReplayPort } from '../run/assembly/replay-port.ts'
import { openStore } from '../store/open.ts'
import type { AnomalyRow } from '../store/types.ts'
import type { Clock } from '../telemetry/clock.ts'
import type { Logger } from '../telemetry/types.ts'
import { createFeed } from '../web/events/feed.ts'
import { freePort } from './broker/free-port.ts'
import { demoConfig } from './config.ts'
import { type Inbox, type InboxMessage, openInbox } from './inbox/inbox.ts'
import { createPlayer, type PlayerOptions } from './stream.ts'

export interface PacedOptions extends Omit<PlayerOptions, 'take'> {
  readonly pipeline: string
  readonly folder: string
  readonly log: Logger
  readonly onMessage: (message: InboxMessage) => void
}

/** A demo with its page: what people do there counts while it plays, and afterwards. */
export interface PacedDemo {
  /** Of the page. */
  readonly address: string
  readonly inbox: Pick<Inbox, 'messages'>
  /** Plays on up to an event time, or to the end of the plan; resolves once everything is stored and sent. */
  play(untilMs?: number): Promise<void>
  close(): Promise<void>
}

/** That of an instance, where it is free: then the page is where `run` has it. */
const usualPort = 8080

/** Opens a demo: a plan through the stages into the embedded engine, its alerts over HTTP to a local inbox. */
export async function openPaced(options: PacedOptions): Promise<PacedDemo> {
  const { plan, pipeline, folder, clock, log } = options
  const closing: (() => Promise<void>)[] = []
  const close = async () => {
    for (const one of closing.splice(0).reverse()) await one()
  }
  try {
    const inbox = await openInbox({ clock, onMessage: options.onMessage })
    closing.push(inbox.close)
    const loaded = demoConfig(pipeline, folder, { ...inbox, port: await freePort(usualPort) })
    const feed = createFeed()
    const run = await buildReplay({ loaded, clock, log, folder, send: true, feed, onDecision: () => {} })
    closing.push(run.close)
    const port = buildReplayPort({ config: loaded.config, run, feed, startMs: plan.startMs, clock, log })
    const address = await port.listen()
    closing.push(port.close)
    const play = createPlayer({ ...options, take: run.replay.take })
    return {
      address,
      inbox,
      async play(untilMs) {
        await play(untilMs)
        if (untilMs === undefined) run.replay.end()
        await run.settled()
      },
      close
    }
  } catch (error) {
    await close()
    throw error
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
  await createPlayer({ plan, paceMs: 0, clock, take: run.replay.take, onMinute: () => {} })()
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
