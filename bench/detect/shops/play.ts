import type { Anomaly } from '../../../detectors/types.ts'
import { loadConfig } from '../../../src/config/load.ts'
import type { NotificationRecord, StoredIncident } from '../../../src/incident/types.ts'
import { buildReplay } from '../../../src/run/assembly/replay.ts'
import { wallClock } from '../../../src/telemetry/clock.ts'
import { createLogger } from '../../../src/telemetry/log.ts'

export interface Played {
  readonly anomalies: readonly Anomaly[]
  /** As they were at the end of the stream, in order of their opening. */
  readonly incidents: readonly StoredIncident[]
  readonly notifications: readonly NotificationRecord[]
}

/** Plays lines through the whole pipeline of a replay, in memory and with the shipped settings. */
export async function play(lines: Iterable<string>, timezone: string): Promise<Played> {
  const loaded = loadConfig({
    path: 'bench',
    env: { SLACK_WEBHOOK_URL: 'https://hooks.slack.com/services/A' },
    readFile: () => `timezone: ${timezone}\nalerts: off\n`
  })
  if (!loaded.ok) throw new Error(loaded.errors.map(({ message }) => message).join('\n'))
  const anomalies: Anomaly[] = []
  const incidents = new Map<string, StoredIncident>()
  const notifications: NotificationRecord[] = []
  const run = await buildReplay({
    loaded,
    clock: wallClock,
    log: createLogger({ level: 'error', clock: wallClock, to: process.stderr }),
    folder: undefined,
    send: false,
    onDecision(decision) {
      anomalies.push(...decision.anomalies)
      notifications.push(...decision.notifications)
      for (const incident of decision.incidents) incidents.set(incident.id, incident)
    }
  })
  let at = 0
  for (const line of lines) run.replay.take(line, ++at)
  run.replay.end()
  await run.close()
  return {
    anomalies,
    incidents: [...incidents.values()].sort((a, b) => a.openedAt - b.openedAt),
    notifications
  }
}
