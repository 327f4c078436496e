import { expect, test } from 'vitest'
import { createLastCommit } from '../../../../src/source/kafka/last-commit.ts'
import type { PartitionKey } from '../../../../src/source/partition.ts'
import type { PartitionFacts } from '../../../../src/source/start.ts'
import { createManualClock } from '../../../support/manual-clock.ts'

const fact = (key: PartitionKey, committed?: PartitionFacts['committed']): PartitionFacts => ({
  key,
  begin: 0,
  end: 100,
  committed,
  startOffset: 0
})
const seven = { offset: 7, metadata: '{}' }

test('the group holds our last commit only if it does so for exactly our partitions', () => {
  const last = createLastCommit(createManualClock(0))
  expect(last.isHeldBy([])).toBe(false)
  last.accepted(new Map([['t/0', seven]]))
  expect(last.isHeldBy([fact('t/0', { ...seven })])).toBe(true)
  expect(last.isHeldBy([fact('t/0', { ...seven, offset: 8 })])).toBe(false)
  expect(last.isHeldBy([fact('t/0', { ...seven, metadata: '{"sealedUntil":1}' })])).toBe(false)
  expect(last.isHeldBy([fact('t/0')])).toBe(false)
  expect(last.isHeldBy([fact('t/0', seven), fact('t/1', seven)])).toBe(false)
  expect(last.isHeldBy([])).toBe(false)
})

test('a commit whose answer a join overtook is our own too, unless another instance worked then', () => {
  const last = createLastCommit(createManualClock(0))
  const eight = { ...seven, offset: 8 }
  last.accepted(new Map([['t/0', seven]]))
  last.sent(new Map([['t/0', eight]]))
  expect([seven, eight].map(held => last.isHeldBy([fact('t/0', held)]))).toEqual([true, true])
  last.forget()
  expect(last.isHeldBy([fact('t/0', eight)])).toBe(false)
})

test('a commit that is gone from the group is remembered, until another instance works', () => {
  const last = createLastCommit(createManualClock(0))
  last.accepted(new Map([['t/0', seven]]))
  expect([fact('t/0'), fact('t/1'), fact('t/0', seven)].map(last.droppedOf)).toEqual([
    seven,
    undefined,
    undefined
  ])
  last.forget()
  expect([last.droppedOf(fact('t/0')), last.isKnown()]).toEqual([undefined, false])
})

test('commits are refused since the first one that was not accepted', async () => {
  const clock = createManualClock(1_000)
  const last = createLastCommit(clock)
  expect(last.fault()).toBeUndefined()
  last.began()
  last.sent(new Map())
  last.refused('not allowed')
  await clock.advance(500)
  last.began()
  expect(last.fault()).toEqual({
    cause: 'commits_refused',
    since: 1_000,
    subject: undefined,
    error: 'not allowed'
  })
  last.accepted(new Map())
  expect(last.fault()).toBeUndefined()
})
