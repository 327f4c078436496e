import { expect, test } from 'vitest'
import type { Change } from '../../../src/incident/changes.ts'
import { createTopicChanges } from '../../../src/intake/topic-changes.ts'
import type { DeadLetter } from '../../../src/source/dead-letters.ts'
import { epoch } from '../../support/alerts.ts'
import { createRecordedLog } from '../../support/recorded-log.ts'

const recordOf = (value: string | null, offset: number) => ({
  ...({ partition: 'deploys/0', offset, key: null } as const),
  value: value === null ? null : Buffer.from(value)
})

function topicOn() {
  const told: Change[] = []
  const dead: DeadLetter[] = []
  const log = createRecordedLog()
  const take = createTopicChanges({
    pipeline: 'shop',
    tell: async changes => void told.push(...changes),
    deadLetters: { keep: async letters => void dead.push(...letters) },
    now: () => epoch,
    log
  })
  return { told, dead, log, take }
}

test('takes each change by its id, or by its place in the topic', async () => {
  const { told, dead, take } = topicOn()
  const records = [
    recordOf('{"what":"checkout 4.2","kind":"deploy","by":"ci","at":"2026-11-21T09:58Z","id":"job-7"}', 4),
    recordOf(null, 5),
    recordOf('{"what":"spring mailing","kind":"campaign"}', 6)
  ]
  await take(records)
  await take(records)
  const change = { pipeline: 'shop', via: 'topic', link: null }
  const both = [
    { ...change, id: 'job-7', what: 'checkout 4.2', kind: 'deploy', by: 'ci', at: epoch - 120_000 },
    { ...change, id: 'deploys/0 6', what: 'spring mailing', kind: 'campaign', by: 'somebody', at: epoch }
  ]
  expect(told).toEqual([...both, ...both])
  expect(dead).toEqual([])
})

test('keeps what is no change as a dead letter, and says what is wrong', async () => {
  const { told, dead, log, take } = topicOn()
  await take([
    recordOf('{', 1),
    recordOf('{"kind":"party"}', 2),
    recordOf('[]', 3),
    recordOf('{"what":"x"}', 4)
  ])
  expect(told).toMatchObject([{ what: 'x', kind: 'other' }])
  expect(dead.map(({ offset, reason }) => [offset, reason])).toEqual([
    [1, 'invalid_json'],
    [2, 'invalid_change'],
    [3, 'invalid_change']
  ])
  expect(log.lines[1]?.fields).toMatchObject({
    error: 'what is missing; expected text. kind is "party"; expected deploy, campaign or other'
  })
})
