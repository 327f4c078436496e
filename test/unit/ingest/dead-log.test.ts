import { expect, test } from 'vitest'
import { createDeadLetterLog } from '../../../src/ingest/dead-letters.ts'
import { createManualClock } from '../../support/manual-clock.ts'
import { createRecordedLog } from '../../support/recorded-log.ts'

test('the first dead letter of each reason is named with its place, further ones once a minute with their number', async () => {
  const clock = createManualClock(0)
  const log = createRecordedLog()
  const note = createDeadLetterLog({ clock, log })
  note('invalid_json', 't/0', 7)
  note('invalid_json', 't/0', 8)
  note('null_value', 't/1', 3)
  await clock.advance(59_999)
  note('invalid_json', 't/0', 9)
  await clock.advance(1)
  note('invalid_json', 't/2', 1)
  expect(log.lines.map(({ fields }) => fields)).toEqual([
    { reason: 'invalid_json', partition: 't/0', offset: 7, count: 1 },
    { reason: 'null_value', partition: 't/1', offset: 3, count: 1 },
    { reason: 'invalid_json', partition: 't/2', offset: 1, count: 3 }
  ])
})
