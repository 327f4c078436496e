import { expect, test } from 'vitest'
import { createLogIdentity } from '../../../../../src/source/kafka/log-identity.ts'
import { createMembership } from '../../../../../src/source/kafka/membership.ts'
import type { Readers } from '../../../../../src/source/kafka/readers/readers.ts'
import { takeSlice } from '../../../../../src/source/kafka/readers/take-slice.ts'
import type { Slice } from '../../../../../src/source/kafka/slices/slice.ts'
import type { SourceHandlers } from '../../../../../src/source/types.ts'
import { createManualClock } from '../../../../support/manual-clock.ts'

const key = 't/0'

/** A main thread that stands at offset 10 of its one partition. */
function taking(isDropped: () => Promise<boolean> = async () => false) {
  const member = createMembership(createManualClock(0))
  const done: string[] = []
  const note = (what: string) => void done.push(what)
  const logs = createLogIdentity()
  let isCurrent = true
  const parts = {
    ...{ member, logs },
    control: {
      pause: () => {},
      resume: () => {},
      seek: (_: string, offset: number) => note(`seek ${offset}`)
    },
    handlers: {
      position: () => 10,
      decodedIngester: () => (offset: number) => note(`record ${offset}`),
      moveTo: (_: string, offset: number) => note(`move to ${offset}`)
    } as unknown as SourceHandlers,
    readers: { halt: () => note('halt'), isCurrent: () => isCurrent } as unknown as Readers,
    assignment: { restart: () => note('restart') },
    committer: { isDropped }
  }
  const slice = (more: Partial<Slice>): Slice => ({
    ...{ key, epoch: 1, from: 10, next: 12, count: 2, buffer: new ArrayBuffer(0) },
    ...{ beside: [], texts: [], isFirst: true, isDoubtful: false, ...more }
  })
  const take = (more: Partial<Slice> = {}) =>
    takeSlice(
      {
        slice: slice(more),
        each: ({ from, next }, ingest) => {
          for (let offset = from; offset < next; offset++)
            ingest(offset, 0, { kind: 'skipped', reason: 'tombstone' }, { key: null, value: null })
        }
      },
      parts
    )
  const work = () => {
    member.restore([key])
    member.work()
  }
  return {
    ...{ take, work, done, member },
    seekAgain: () => {
      isCurrent = false
    }
  }
}

test('a slice that begins where the partition stands is ingested, and the partition moves behind it', async () => {
  const { take, work, done } = taking()
  work()
  await take()
  expect(done).toEqual(['record 10', 'record 11', 'move to 12'])
})

test('of one that begins elsewhere no record is taken: the reader is sent to where the partition stands', async () => {
  const { take, work, done } = taking()
  work()
  await take({ from: 8 })
  await take({ from: 12, next: 14 })
  expect(done).toEqual(['seek 10', 'seek 10'])
})

test('a member that does not work takes nothing, and lets the reader rest', async () => {
  const { take, done } = taking()
  await take()
  expect(done).toEqual(['halt'])
})

test('behind a failed fetch the group is asked whether the log is the same', async () => {
  const asked: boolean[] = [false, true]
  const { take, work, done } = taking(async () => asked.shift() ?? false)
  work()
  await take({ isDoubtful: true })
  expect(done).toEqual(['record 10', 'record 11', 'move to 12'])
  await take({ isDoubtful: true })
  expect(done.slice(3)).toEqual(['restart'])
})

test.each(['a rejoin', 'another seek'])('what %s overtakes meanwhile is not taken', async what => {
  const { take, work, done, member, seekAgain } = taking(async () => {
    if (what === 'a rejoin') member.restore([key])
    else seekAgain()
    return false
  })
  work()
  await take({ isDoubtful: true })
  expect(done).toEqual([])
})
