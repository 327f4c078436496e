import type { Status, WorkStatus } from '../../src/web/status.ts'

/** The work of an instance that reads two partitions, with what is said replaced. */
export const workStatus = (said: Partial<WorkStatus> = {}): WorkStatus => ({
  instance: 'desk:1',
  since: '2026-11-21T10:00:00.000Z',
  partitions: [
    {
      topic: 'shop-events',
      partition: 0,
      position: 1_234,
      lag: 0,
      watermark: '2026-11-21T10:14:50.000Z',
      open_windows: 1,
      state: 'at_end'
    },
    {
      topic: 'shop-events',
      partition: 1,
      position: 900,
      lag: 17,
      watermark: null,
      open_windows: 0,
      state: 'given_up'
    }
  ],
  windows_closed_until: '2026-11-21T10:14:00.000Z',
  open_windows: 1,
  oldest_open_window: '2026-11-21T10:14:00.000Z',
  waiting: { to_seal: 0, to_judge: 0, to_store: 0 },
  components: { kafka: { status: 'ok', detail: '17 records behind' }, store: { status: 'ok' } },
  receivers: [],
  ...said
})

/** A status that an instance which works gives of its group of two, with what is said replaced. */
export const groupStatus = (said: Partial<Status> = {}): Status => ({
  at: '2026-11-21T10:15:00.000Z',
  pipeline: 'shop',
  tenant: null,
  group: 'cartwatch',
  answered_by: { instance: 'desk:1', role: 'working', version: '1.2.3' },
  group_state: 'Stable',
  members: [
    { instance: 'desk:1', address: '10.0.0.7:8080', works: true, since: '2026-11-21T10:00:00.000Z' },
    { instance: 'desk:2', address: null, works: false, since: null }
  ],
  group_error: null,
  work: workStatus(),
  work_error: null,
  committed: null,
  ...said
})
