import type { Store } from '../../store/types.ts'
import type { Feed } from '../../web/events/feed.ts'

const iso = (ms: number) => new Date(ms).toISOString()

/** The store, of which it is told what was written, once it is there to be read. */
export const withChangesTold = (store: Store, feed: Pick<Feed, 'publish'>): Store => ({
  ...store,
  async insertWindows(pipeline, windows) {
    await store.insertWindows(pipeline, windows)
    // Whoever looks at the newest window sees those before it.
    const last = windows.at(-1)
    if (last) feed.publish('window', { window_start: iso(last.start), window_end: iso(last.end) })
  },
  async insertIncidents(incidents) {
    await store.insertIncidents(incidents)
    for (const { id, status, severity, acknowledged } of incidents)
      feed.publish('incident', { id, status, severity, acknowledged_by: acknowledged?.by ?? null })
  },
  async insertNotifications(records) {
    await store.insertNotifications(records)
    for (const { id, incidentId, receiver, outcome } of records)
      feed.publish('delivery', { id, incident_id: incidentId, receiver, outcome })
  },
  async insertActions(actions) {
    await store.insertActions(actions)
    for (const { silence } of actions)
      if (silence !== null) feed.publish('silence', { id: silence.id, ends_at: iso(silence.endsAt) })
  }
})
