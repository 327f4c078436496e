import type { Store } from '../../store/types.ts'
import type { EventData, EventName } from '../../web/api/events.ts'
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
    publishEach(feed, 'incident', incidents, ({ id, status, severity, acknowledged }) => ({
      ...{ id, status, severity },
      acknowledged_by: acknowledged?.by ?? null
    }))
  },
  async insertNotifications(records) {
    await store.insertNotifications(records)
    publishEach(feed, 'delivery', records, ({ id, incidentId, receiver, outcome }) => ({
      ...{ id, receiver, outcome },
      incident_id: incidentId
    }))
  },
  async insertActions(actions) {
    await store.insertActions(actions)
    for (const { silence } of actions)
      if (silence !== null) feed.publish('silence', { id: silence.id, ends_at: iso(silence.endsAt) })
  }
})

const mostAtOnce = 50

/** Of more than a reader could look at one by one, it is only told that all is to be loaded again. */
function publishEach<Item, Name extends EventName>(
  feed: Pick<Feed, 'publish'>,
  name: Name,
  items: readonly Item[],
  dataOf: (item: Item) => EventData<Name>
): void {
  if (items.length > mostAtOnce) feed.publish('reset', {})
  else for (const item of items) feed.publish(name, dataOf(item))
}
