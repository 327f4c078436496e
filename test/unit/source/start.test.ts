import { describe, expect, test } from 'vitest'
import { encodeMetadata } from '../../../src/source/commit-metadata.ts'
import type { PartitionKey } from '../../../src/source/partition.ts'
import { type PartitionFacts, resolveStart } from '../../../src/source/start.ts'
import type { Checkpoint } from '../../../src/window/types.ts'

const minute = 60_000

function facts(key: PartitionKey, fields: Partial<PartitionFacts> = {}): PartitionFacts {
  return { key, begin: 0, end: 100, committed: undefined, startOffset: 100, ...fields }
}

function checkpoint(offset: number, fields: Partial<Checkpoint> = {}): Checkpoint {
  return {
    offset,
    closedUntil: undefined,
    maxEventTime: undefined,
    maxRecordTime: undefined,
    incompleteUntil: 0,
    closedMarkers: [],
    ...fields
  }
}

const committed = (one: Checkpoint) => ({ offset: one.offset, metadata: encodeMetadata(one) })

describe('a group without any commit', () => {
  test('begins at the configured start, which must be committed before anything is read', () => {
    const { checkpoints, mustCommit, outOfRange } = resolveStart([
      facts('t/0'),
      facts('t/1', { startOffset: 40 })
    ])
    expect([...checkpoints.values()].map(({ offset }) => offset)).toEqual([100, 40])
    expect(mustCommit).toBe(true)
    expect(outOfRange).toEqual([])
  })

  test('enters a log in its middle, unless it begins with its very first record', () => {
    const { checkpoints } = resolveStart([
      facts('t/0', { startOffset: 0 }),
      facts('t/1', { startOffset: 40 }),
      facts('t/2', { begin: 7, startOffset: 7 })
    ])
    expect([...checkpoints.values()].map(({ incompleteUntil }) => incompleteUntil)).toEqual([
      0,
      undefined,
      undefined
    ])
  })
})

describe('a commit', () => {
  test('is continued from as it is, without a further one', () => {
    const own = checkpoint(40, {
      closedUntil: 3 * minute,
      maxEventTime: 200_000,
      maxRecordTime: 200_500,
      incompleteUntil: minute,
      closedMarkers: [{ fromOffset: 42, until: 5 * minute }]
    })
    const { checkpoints, mustCommit } = resolveStart([facts('t/0', { committed: committed(own) })])
    expect(checkpoints.get('t/0')).toEqual(own)
    expect(mustCommit).toBe(false)
  })

  test('at the end of its partition, or at its beginning, is in range', () => {
    const { checkpoints, mustCommit } = resolveStart([
      facts('t/0', { committed: committed(checkpoint(100)) }),
      facts('t/1', { begin: 30, committed: committed(checkpoint(30)) })
    ])
    expect([...checkpoints.values()].map(({ offset }) => offset)).toEqual([100, 30])
    expect(mustCommit).toBe(false)
  })

  test.each([null, '', '{}', 'not json', '"text"', '[1]', '{"seals":"none"}', '{"maxEventTime":"today"}'])(
    'with the foreign metadata %j counts by its offset, as a log entered in its middle',
    metadata => {
      const { checkpoints } = resolveStart([facts('t/0', { committed: { offset: 40, metadata } })])
      expect(checkpoints.get('t/0')).toEqual(checkpoint(40, { incompleteUntil: undefined }))
    }
  )

  test.each([
    ['deleted', 10, { begin: 30, end: 100 }, []],
    ['of a topic that was recreated', 500, { begin: 0, end: 100 }, [{ fromOffset: 0, until: 3 * minute }]]
  ])(
    'whose offset is %s is left for the beginning, entered in its middle',
    (_, offset, bounds, closedMarkers) => {
      const own = checkpoint(offset, { closedUntil: 3 * minute, maxEventTime: 200_000 })
      const { checkpoints, mustCommit, outOfRange } = resolveStart([
        facts('t/0', { ...bounds, committed: committed(own) })
      ])
      expect(checkpoints.get('t/0')).toEqual(
        checkpoint(bounds.begin, { closedUntil: 3 * minute, incompleteUntil: undefined, closedMarkers })
      )
      expect(mustCommit).toBe(true)
      expect(outOfRange).toEqual([{ key: 't/0', committed: offset, ...bounds }])
    }
  )
})

describe('a partition that appeared later', () => {
  test('is read from its beginning, and what is done already is late in it', () => {
    const { checkpoints, mustCommit } = resolveStart([
      facts('t/0', { committed: committed(checkpoint(40, { closedUntil: 3 * minute })) }),
      facts('t/1')
    ])
    expect(checkpoints.get('t/1')).toEqual(
      checkpoint(0, { closedUntil: 3 * minute, closedMarkers: [{ fromOffset: 0, until: 3 * minute }] })
    )
    expect(mustCommit).toBe(true)
  })
})

describe('commits that differ', () => {
  test('all take the greatest closed marker, at their own offset, and keep only later ones', () => {
    const { checkpoints } = resolveStart([
      facts('t/0', { committed: committed(checkpoint(40, { closedUntil: 5 * minute })) }),
      facts('t/1', {
        committed: committed(
          checkpoint(7, {
            closedUntil: 2 * minute,
            closedMarkers: [
              { fromOffset: 8, until: 4 * minute },
              { fromOffset: 9, until: 6 * minute }
            ]
          })
        )
      })
    ])
    expect(checkpoints.get('t/0')?.closedMarkers).toEqual([])
    expect(checkpoints.get('t/1')).toMatchObject({
      closedUntil: 5 * minute,
      closedMarkers: [
        { fromOffset: 7, until: 5 * minute },
        { fromOffset: 9, until: 6 * minute }
      ]
    })
  })

  test('of a topic that was recreated says nothing of the new log but that closed windows stay closed', () => {
    const own = checkpoint(40, { closedUntil: 3 * minute, maxEventTime: 200_000 })
    const { checkpoints, mustCommit, outOfRange } = resolveStart([
      facts('t/0', { committed: committed(own), isRecreated: true })
    ])
    expect(checkpoints.get('t/0')).toEqual({
      ...checkpoint(0, { closedUntil: 3 * minute, closedMarkers: [{ fromOffset: 0, until: 3 * minute }] }),
      incompleteUntil: undefined
    })
    expect([mustCommit, outOfRange.length]).toEqual([true, 1])
  })
})
