import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createDecodeRecord } from '../../../src/decode/decode-record.ts'
import { createAssignmentState } from '../../../src/ingest/assignment-state.ts'
import { ingestRecord } from '../../../src/ingest/ingest-record.ts'
import type { Checkpoint, ClosedWindow } from '../../../src/window/types.ts'
import { epoch, minuteMs } from '../../support/alerts.ts'
import { ingestOptions } from '../../support/ingest-options.ts'
import { atBeginning } from '../../support/scripted-source.ts'

const decode = createDecodeRecord({ currency: 'EUR', knownCurrencies: new Set(), maxBytes: 100_000 })

/** A record whose events lie at these seconds after the beginning. */
const recordOf = (seconds: readonly number[]) =>
  Buffer.from(
    JSON.stringify(seconds.map(at => ({ event_type: 'page_view', event_time: epoch + at * 1_000 })))
  )

/** Reads the log from a checkpoint on; gives what each window that closed holds. */
function reading(log: readonly Buffer[], from: Checkpoint) {
  const work = createAssignmentState(ingestOptions(), new Map([['t/0', from]]), epoch)
  const windows = work.partitions.get('t/0')
  if (windows === undefined) throw new Error('no such partition')
  const closed = new Map<number, readonly [records: number, late: number]>()
  const keep = (all: readonly ClosedWindow[]) => {
    for (const { start, partials } of all) {
      const [partial] = partials
      if (partial !== undefined) closed.set(start, [partial.records, partial.late])
    }
  }
  return {
    closed,
    readTo(end: number) {
      for (let offset = windows.position(); offset < end; offset++) {
        ingestRecord(decode, windows, offset, epoch + 100 * minuteMs, {
          key: null,
          value: log[offset] ?? null
        })
        windows.moveTo(offset + 1)
        keep(work.close(epoch + 100 * minuteMs).windows)
      }
    },
    /** The first of the windows that closed are stored; gives where a restart begins. */
    store(count: number): Checkpoint {
      const ends = [...closed.keys()].slice(0, count).map(start => start + minuteMs)
      for (const start of [...closed.keys()].slice(count)) closed.delete(start)
      const until = ends.at(-1)
      if (until !== undefined) work.done(until)
      return work.checkpoints().get('t/0') ?? from
    },
    end: () => keep(work.closeRest())
  }
}

test('each event of a record with several counts once, wherever a restart comes between', () => {
  const seconds = fc.array(fc.integer({ min: 0, max: 400 }), { minLength: 1, maxLength: 6 })
  fc.assert(
    fc.property(
      fc.array(seconds, { minLength: 1, maxLength: 12 }),
      fc.nat(12),
      fc.nat(6),
      (records, stopAt, storedCount) => {
        const log = records.map(recordOf)
        const whole = reading(log, atBeginning)
        whole.readTo(log.length)
        whole.end()
        const counted = [...whole.closed.values()].reduce((sum, [count]) => sum + count, 0)
        expect(counted).toBe(records.flat().length)

        const first = reading(log, atBeginning)
        first.readTo(Math.min(stopAt, log.length))
        const second = reading(log, first.store(storedCount))
        second.readTo(log.length)
        second.end()
        expect(new Map([...first.closed, ...second.closed])).toEqual(whole.closed)
      }
    ),
    { numRuns: 500 }
  )
})
