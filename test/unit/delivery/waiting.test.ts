import fc from 'fast-check'
import { expect, test } from 'vitest'
import { moreSevere } from '../../../detectors/rules/severity.ts'
import { type QueueEntry, threadOf } from '../../../src/delivery/queue-order.ts'
import { createWaiting } from '../../../src/delivery/waiting.ts'
import { recordOf } from '../../support/delivery.ts'

const entryOf = (
  id: string,
  receiver: string,
  incident: string,
  severity: QueueEntry['record']['severity']
) => ({
  record: recordOf({ id, receiver, incidentId: incident, severity }),
  since: 0,
  awaitedRows: 0,
  notBefore: 0,
  tries: 0,
  backoff: undefined,
  status: undefined
})

const severity = fc.constantFrom('low', 'medium', 'high', 'critical')
const step = fc.record({
  receiver: fc.constantFrom('slack', 'pagerduty'),
  incident: fc.constantFrom('i', 'j', 'k'),
  severity,
  /** Which of those that wait goes before the next one comes. */
  gone: fc.option(fc.nat(20))
})

test('its threads are those of a look at everything that waits', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), steps => {
      const waiting = createWaiting()
      const all: QueueEntry[] = []
      for (const [index, one] of steps.entries()) {
        const entry = entryOf(`${index}`, one.receiver, one.incident, one.severity)
        waiting.add(entry)
        all.push(entry)
        if (one.gone === null) continue
        const [removed] = all.splice(one.gone % all.length, 1)
        if (removed) expect(waiting.delete(removed)).toBe(true)
      }
      expect(waiting.all()).toEqual(all)
      for (const receiver of ['slack', 'pagerduty']) {
        const own = all.filter(({ record }) => record.receiver === receiver)
        expect(waiting.countOf(receiver)).toBe(own.length)
        const threads = Map.groupBy(own, ({ record }) => threadOf(record))
        const expected = [...threads.values()].map(entries => ({
          id: entries[0]?.record.id,
          priority: entries.map(({ record }) => record.severity).reduce(moreSevere)
        }))
        const found = [...waiting.candidatesOf(receiver)].map(({ entry, priority }) => ({
          id: entry.record.id,
          priority
        }))
        const byId = (a: { id?: string | undefined }, b: { id?: string | undefined }) =>
          Number(a.id) - Number(b.id)
        expect(found.sort(byId)).toEqual(expected.sort(byId))
        for (const [entry] of threads.values())
          if (entry) expect(waiting.ofThread(entry.record)).toEqual(threads.get(threadOf(entry.record)))
      }
    })
  )
})

test('what did not wait cannot go', () => {
  expect(createWaiting().delete(entryOf('1', 'slack', 'i', 'high'))).toBe(false)
})
