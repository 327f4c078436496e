import fc from 'fast-check'
import { expect, test } from 'vitest'
import { tries } from '../../../support/tries.ts'
import { commands, epoch, modelLogs } from '../../../support/windows-arbitraries.ts'
import { createWindowsModel, type LogEntry, type ModelLog } from '../../../support/windows-model.ts'
import { play, storedAndRecounted } from '../../../support/windows-play.ts'

/** All events are purchases of two orders, of one line or of another. */
const asPurchase = (entry: LogEntry): LogEntry =>
  'event' in entry
    ? {
        ...entry,
        event: {
          ...entry.event,
          type: 'purchase',
          typeName: 'purchase',
          orderId: entry.offset % 3 === 0 ? 'o-1' : 'o-2',
          userId: undefined,
          quantity: 1,
          currency: 'EUR',
          amount: entry.offset % 4 === 0 ? 50_000 : 70_000,
          lines: undefined,
          faults: 0
        }
      }
    : entry

test('orders that come again count once, whatever partition they are on and wherever it crashed', () => {
  let repeats = 0
  fc.assert(
    fc.property(modelLogs, commands, (drawn, all) => {
      const logs = new Map(
        [...drawn].map(([key, { appearsAt, entries }]): [typeof key, ModelLog] => [
          key,
          { appearsAt, entries: entries.map(asPurchase) }
        ])
      )
      const model = createWindowsModel(logs, epoch)
      play(model, all)
      model.finish()
      const { stored, recounted } = storedAndRecounted(model, logs)
      expect(stored).toEqual(recounted)
      for (const [, { repeated_order_rate: rate }] of stored) if (rate) repeats++
    }),
    { numRuns: tries(200) }
  )
  expect(repeats).toBeGreaterThan(0)
})
