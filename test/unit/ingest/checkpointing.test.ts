import { expect, test } from 'vitest'
import { createCheckpointing } from '../../../src/ingest/checkpointing.ts'
import { createDeadLetterQueue } from '../../../src/ingest/dead-letters.ts'
import type { DeadLetter } from '../../../src/source/dead-letters.ts'
import type { PartitionKey } from '../../../src/source/partition.ts'
import type { Checkpoint } from '../../../src/window/types.ts'
import { createManualClock } from '../../support/manual-clock.ts'
import { createRecordedLog } from '../../support/recorded-log.ts'

const at = (offset: number): ReadonlyMap<PartitionKey, Checkpoint> =>
  new Map([
    [
      't/0',
      {
        offset,
        closedUntil: undefined,
        maxEventTime: undefined,
        maxRecordTime: undefined,
        incompleteUntil: 0,
        closedMarkers: []
      }
    ]
  ])

const letter = (offset: number): DeadLetter => ({
  partition: 't/0',
  offset,
  reason: 'invalid_json',
  key: null,
  value: null
})

type Answer = (error?: Error) => void

/** Commits of a position that the test moves, to a source and a sink that answer when the test says so. */
function committing() {
  const clock = createManualClock(0)
  const steps: string[] = []
  const kept: Answer[] = []
  const committed: ((isCommitted: boolean) => void)[] = []
  const line = { offset: 0 as number | undefined, work: {} }
  const dead = createDeadLetterQueue(
    {
      keep: letters =>
        new Promise((resolve, reject) => {
          steps.push(`keep ${letters.map(({ offset }) => offset)}`)
          kept.push(error => (error ? reject(error) : resolve()))
        }),
      close: async () => {}
    },
    clock
  )
  const log = createRecordedLog()
  const commits = createCheckpointing({
    work: () => {
      const { offset, work } = line
      return offset === undefined ? undefined : Object.assign(work, { checkpoints: () => at(offset) })
    },
    dead,
    source: {
      commit: checkpoints =>
        new Promise(resolve => {
          steps.push(`commit ${checkpoints.get('t/0')?.offset}`)
          committed.push(resolve)
        })
    },
    clock,
    log
  })
  const settled = () => new Promise<void>(resolve => setImmediate(resolve))
  const keep = async (error?: Error) => {
    kept.shift()?.(error)
    await settled()
  }
  const confirm = async (isCommitted = true) => {
    committed.shift()?.(isCommitted)
    await settled()
  }
  return { clock, commits, dead, line, steps, log, settled, keep, confirm }
}

test('a commit waits until the dead letters below its offsets are kept', async () => {
  const { commits, dead, line, steps, settled, keep, confirm } = committing()
  line.offset = 5
  dead.push(letter(3))
  const committed = commits.commit()
  await settled()
  expect(steps).toEqual(['keep 3'])
  await keep()
  expect(steps).toEqual(['keep 3', 'commit 5'])
  await confirm()
  expect(await committed).toBe(true)
})

test('a record that dies while dead letters are being kept is not passed by that commit', async () => {
  const { commits, dead, line, steps, settled, keep } = committing()
  line.offset = 5
  dead.push(letter(3))
  void commits.commit()
  await settled()
  dead.push(letter(6))
  line.offset = 7
  await keep()
  expect(steps).toEqual(['keep 3', 'commit 5'])
})

test('commits go one at a time, and those asked for during one are made once, after it', async () => {
  const { commits, line, steps, settled, confirm } = committing()
  line.offset = 1
  void commits.commit()
  await settled()
  line.offset = 2
  void commits.commit()
  line.offset = 3
  const last = commits.commit()
  await settled()
  expect(steps).toEqual(['commit 1'])
  await confirm()
  expect(steps).toEqual(['commit 1', 'commit 3'])
  await confirm()
  expect(await last).toBe(true)
  expect(steps).toEqual(['commit 1', 'commit 3'])
})

test('a commit asked for during one is answered by the one after it', async () => {
  const { commits, line, settled, confirm } = committing()
  line.offset = 1
  void commits.commit()
  await settled()
  const second = commits.commit()
  await confirm(true)
  await confirm(false)
  expect(await second).toBe(false)
})

test('where dead letters cannot be kept nothing is committed, and the next commit tries both again', async () => {
  const { commits, dead, line, steps, log, settled, keep, confirm } = committing()
  line.offset = 5
  dead.push(letter(3))
  const failed = commits.commit()
  await settled()
  await keep(new Error('the topic is gone'))
  expect(await failed).toBe(false)
  expect(steps).toEqual(['keep 3'])
  expect(log.lines).toEqual([
    {
      level: 'error',
      message: 'dead letters could not be kept: nothing is committed',
      fields: { error: 'the topic is gone', waiting: 1 }
    }
  ])
  const second = commits.commit()
  await settled()
  await keep(new Error('the topic is gone'))
  expect(await second).toBe(false)
  expect(log.lines).toHaveLength(1)
  const again = commits.commit()
  await settled()
  await keep()
  await confirm()
  expect(await again).toBe(true)
  expect(steps).toEqual(['keep 3', 'keep 3', 'keep 3', 'commit 5'])
  expect(log.lines.map(({ message }) => message).slice(1)).toEqual(['dead letters are kept again'])
})

test('a commit that the group refuses is false, and no failure', async () => {
  const { commits, line, log, settled, confirm } = committing()
  line.offset = 1
  const committed = commits.commit()
  await settled()
  await confirm(false)
  expect(await committed).toBe(false)
  expect(log.lines).toEqual([])
})

test('nothing is committed while the work is not ours', async () => {
  const { commits, line, steps } = committing()
  line.offset = undefined
  expect(await commits.commit()).toBe(false)
  expect(steps).toEqual([])
})

test('what was handed over while dead letters were being kept is not committed', async () => {
  const { commits, dead, line, steps, settled, keep } = committing()
  line.offset = 5
  dead.push(letter(3))
  const committed = commits.commit()
  await settled()
  line.work = {}
  line.offset = 2
  await keep()
  expect(await committed).toBe(false)
  expect(steps).toEqual(['keep 3'])
})

test('is behind where a commit did not come about while the work is ours, until one does', async () => {
  const { commits, line, settled, confirm } = committing()
  line.offset = 5
  expect(commits.isBehind()).toBe(false)
  void commits.commit()
  await settled()
  await confirm(false)
  expect(commits.isBehind()).toBe(true)
  void commits.commit()
  await settled()
  await confirm()
  expect(commits.isBehind()).toBe(false)
  line.offset = undefined
  expect(await commits.commit()).toBe(false)
  expect(commits.isBehind()).toBe(false)
})

test('the time without a commit counts from the last one that was made, while one is due', async () => {
  const { clock, commits, dead, line, settled, keep, confirm } = committing()
  line.offset = 5
  expect([commits.uncommittedMs(), commits.lastCommitAgeMs()]).toEqual([0, undefined])
  void commits.commit()
  await settled()
  await confirm()
  await clock.advance(60_000)
  expect([commits.uncommittedMs(), commits.lastCommitAgeMs()]).toEqual([0, 60_000])
  dead.push(letter(6))
  void commits.commit()
  await settled()
  expect(commits.uncommittedMs()).toBe(0)
  await clock.advance(2_000)
  expect(commits.uncommittedMs()).toBe(62_000)
  await keep(new Error('the topic is gone'))
  await clock.advance(8_000)
  expect(commits.uncommittedMs()).toBe(70_000)
  void commits.commit()
  await settled()
  await keep()
  await confirm()
  expect([commits.uncommittedMs(), commits.lastCommitAgeMs()]).toEqual([0, 0])
})

test('work that begins anew has no commit yet', async () => {
  const { clock, commits, line, settled, confirm } = committing()
  line.offset = 5
  void commits.commit()
  await settled()
  await confirm()
  line.work = {}
  expect(commits.lastCommitAgeMs()).toBeUndefined()
  await clock.advance(60_000)
  void commits.commit()
  await settled()
  await clock.advance(5_000)
  expect(commits.uncommittedMs()).toBe(5_000)
})
