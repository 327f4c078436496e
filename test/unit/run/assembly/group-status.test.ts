import { describe, expect, test } from 'vitest'
import { type GroupStatusParts, groupStatusOf } from '../../../../src/run/assembly/group-status.ts'
import { workStatusOf } from '../../../../src/run/assembly/work-status.ts'
import type { Group, GroupDescription, GroupMember } from '../../../../src/source/kafka/group.ts'
import type { Asked, AskOptions } from '../../../../src/web/ask-status.ts'
import { statusSchema } from '../../../../src/web/status.ts'
import { createManualClock } from '../../../support/manual-clock.ts'
import { groupStatus, workStatus } from '../../../support/statuses.ts'

const nowMs = Date.parse('2026-11-21T10:15:00Z')

const member = (name: string, said: Partial<GroupMember> = {}): GroupMember => ({
  name,
  address: { host: '10.0.0.7', port: 8080 },
  works: false,
  since: undefined,
  ...said
})
const owner = member('desk:1', { works: true, since: nowMs - 60_000 })
const stable = (...members: GroupMember[]): GroupDescription => ({ state: 'Stable', members })

/** The parts of an instance's status, with the answers that the group and the owner give. */
function parts(said: {
  readonly self?: { readonly name: string; readonly role: string }
  readonly described?: GroupDescription | Promise<GroupDescription>
  readonly committed?: Group['committed']
  readonly owns?: boolean
  readonly answer?: Asked
}) {
  const asked: AskOptions[] = []
  const clock = createManualClock(nowMs)
  const all: GroupStatusParts = {
    pipeline: 'shop',
    tenant: null,
    groupName: 'cartwatch',
    group: {
      describe: async () => said.described ?? stable(member('desk:2'), owner),
      committed:
        said.committed ??
        (async () => [{ topic: 't', partition: 0, offset: 40, lag: 60, doneUntil: nowMs - 60_000 }])
    },
    self: () => said.self ?? { name: 'desk:2', role: 'standby' },
    ownWork: () => (said.owns ? workStatus({ instance: said.self?.name ?? '' }) : undefined),
    async ask(options) {
      asked.push(options)
      return said.answer ?? { kind: 'silent', reason: `${options.url} does not answer` }
    },
    clock
  }
  return { all, asked, clock }
}

const ownStatus = (instance: string, work = workStatus()): Asked => ({
  kind: 'answered',
  status: groupStatus({ answered_by: { instance, role: 'working', version: null }, members: null, work })
})
const committed = [
  { topic: 't', partition: 0, offset: 40, lag: 60, windows_done_until: '2026-11-21T10:14:00.000Z' }
]

describe('the status of a group', () => {
  test('from a standby has the work as the owner reports it', async () => {
    const { all, asked } = parts({ answer: ownStatus('desk:1') })
    const status = await groupStatusOf(all, 'group')
    expect(asked).toEqual([{ url: 'http://10.0.0.7:8080', of: 'own', timeoutMs: 2_000 }])
    expect(status).toEqual({
      at: '2026-11-21T10:15:00.000Z',
      pipeline: 'shop',
      tenant: null,
      group: 'cartwatch',
      answered_by: { instance: 'desk:2', role: 'standby', version: expect.stringMatching(/^\d+\.\d+\.\d+$/) },
      group_state: 'Stable',
      members: [
        { instance: 'desk:1', address: '10.0.0.7:8080', works: true, since: '2026-11-21T10:14:00.000Z' },
        { instance: 'desk:2', address: '10.0.0.7:8080', works: false, since: null }
      ],
      group_error: null,
      work: workStatus(),
      work_error: null,
      committed: null
    })
    expect(statusSchema.parse(JSON.parse(JSON.stringify(status)))).toEqual(status)
  })

  test('from the owner has its own work, and nobody is asked', async () => {
    const { all, asked } = parts({ self: { name: 'desk:1', role: 'working' }, owns: true })
    expect((await groupStatusOf(all, 'group')).work).toEqual(workStatus())
    expect(asked).toEqual([])
  })

  test('of an instance alone asks neither Kafka nor another', async () => {
    const never = new Promise<never>(() => {})
    const { all, asked } = parts({ described: never, self: { name: 'desk:1', role: 'working' }, owns: true })
    expect(await groupStatusOf(all, 'own')).toMatchObject({ members: null, work: { instance: 'desk:1' } })
    expect(asked).toEqual([])
  })

  test('from one that was paused and does not know of its loss has the work of the one that the group names', async () => {
    const { all } = parts({
      self: { name: 'desk:2', role: 'working' },
      owns: true,
      answer: ownStatus('desk:1')
    })
    expect((await groupStatusOf(all, 'group')).work?.instance).toBe('desk:1')
  })

  test('has what Kafka alone knows where the owner does not answer', async () => {
    expect(await groupStatusOf(parts({}).all, 'group')).toMatchObject({
      work: null,
      work_error: 'http://10.0.0.7:8080 does not answer',
      committed
    })
  })

  test('takes no other instance for the owner that it asks for', async () => {
    const { work, work_error } = await groupStatusOf(parts({ answer: ownStatus('attic:9') }).all, 'group')
    expect([work, work_error]).toEqual([
      null,
      'http://10.0.0.7:8080 is attic:9, not desk:1: its http.host must be an address that is reached from here'
    ])
  })

  test('names an owner of an earlier version, which cannot be asked', async () => {
    const { all, asked } = parts({ described: stable({ ...owner, address: undefined }) })
    expect(await groupStatusOf(all, 'group')).toMatchObject({
      members: [{ instance: 'desk:1', address: null, works: true }],
      work_error: 'desk:1 is of an earlier version, which cannot be asked'
    })
    expect(asked).toEqual([])
  })

  test('has the commits too while the owner is finding its offsets', async () => {
    const { all } = parts({ answer: ownStatus('desk:1', workStatus({ partitions: [] })) })
    expect(await groupStatusOf(all, 'group')).toMatchObject({ work: { partitions: [] }, committed })
  })

  test('has nobody who works in a group without members, and its commits', async () => {
    const { all } = parts({ described: { state: 'Empty', members: [] } })
    expect(await groupStatusOf(all, 'group')).toMatchObject({
      members: [],
      work: null,
      work_error: null,
      committed
    })
  })

  test('keeps the work of an instance while its group is agreeing on who works', async () => {
    const { all } = parts({
      described: { state: 'PreparingRebalance', members: [] },
      self: { name: 'desk:1', role: 'working' },
      owns: true
    })
    expect(await groupStatusOf(all, 'group')).toMatchObject({
      group_state: 'PreparingRebalance',
      members: [],
      work: { instance: 'desk:1' }
    })
  })

  test('says after three seconds that Kafka does not answer, and what the instance itself knows', async () => {
    const { all, clock } = parts({
      described: new Promise<never>(() => {}),
      self: { name: 'desk:1', role: 'working' },
      owns: true
    })
    const status = groupStatusOf(all, 'group')
    await clock.advance(3_000)
    expect(await status).toMatchObject({
      members: null,
      group_error: 'Kafka has not answered within 3 s',
      work: { instance: 'desk:1' }
    })
  })

  test('says why Kafka refuses', async () => {
    const refused = Promise.reject(new Error('not authorized'))
    expect(await groupStatusOf(parts({ described: refused }).all, 'group')).toMatchObject({
      group_error: 'not authorized',
      work: null
    })
    const { all } = parts({ committed: async () => Promise.reject(new Error('no offsets')) })
    expect(await groupStatusOf(all, 'group')).toMatchObject({ group_error: 'no offsets', committed: null })
  })
})

test('the work of an instance has the fields of its status', () => {
  const work = workStatusOf({
    instance: 'desk:1',
    since: nowMs,
    progress: {
      partitions: [
        {
          topic: 't',
          partition: 3,
          position: 7,
          lag: 2,
          watermark: nowMs,
          openWindows: 4,
          state: 'holds'
        }
      ],
      closedUntil: nowMs - 60_000,
      openWindows: 4,
      oldestOpen: nowMs - 60_000,
      waiting: { toCommit: 1, toDecide: 2, toStore: 3 }
    },
    readiness: { components: { store: { status: 'failed', reason: 'timeout' } }, receivers: {} },
    receivers: new Map([
      ['slack', { waiting: 2, nextAt: nowMs, breaker: 'open', last: { outcome: 'pending', answer: '429' } }],
      ['mail', { waiting: 0, nextAt: null, breaker: 'closed', last: undefined }]
    ])
  })
  expect(work).toEqual({
    instance: 'desk:1',
    since: '2026-11-21T10:15:00.000Z',
    partitions: [
      {
        topic: 't',
        partition: 3,
        position: 7,
        lag: 2,
        watermark: '2026-11-21T10:15:00.000Z',
        open_windows: 4,
        state: 'holds'
      }
    ],
    windows_closed_until: '2026-11-21T10:14:00.000Z',
    open_windows: 4,
    oldest_open_window: '2026-11-21T10:14:00.000Z',
    waiting: { to_seal: 1, to_judge: 2, to_store: 3 },
    components: { store: { status: 'failed', reason: 'timeout' } },
    receivers: [
      {
        name: 'slack',
        waiting: 2,
        next_at: new Date(nowMs).toISOString(),
        breaker: 'open',
        last: { outcome: 'pending', answer: '429' }
      },
      { name: 'mail', waiting: 0, next_at: null, breaker: 'closed', last: null }
    ]
  })
})
