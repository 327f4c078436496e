import fc from 'fast-check'
import { type EventType, eventTypes } from '../../src/decode/layout.ts'
import { faultBits, type ShopEvent } from '../../src/decode/types.ts'
import type { PartitionKey } from '../../src/source/partition.ts'
import { shopEvent } from './shop-event.ts'
import { type LogEntry, type ModelLog, timing } from './windows-model.ts'

export const epoch = Date.parse('2026-03-01T10:00:00Z')

const oneOf = <T>(...values: readonly T[]) => fc.constantFrom(...values)

/** Few sessions and orders, so that they meet again in other windows and partitions. */
export const eventFields: fc.Arbitrary<Partial<ShopEvent>> = fc
  .record({
    type: oneOf<EventType | 'unknown'>(...eventTypes, 'purchase', 'purchase', 'add_to_cart', 'unknown'),
    sessionId: oneOf(undefined, 's1', 's2', 's3', 's4', 's5'),
    orderId: oneOf(undefined, 'o1', 'o2', 'o3', 'o4'),
    eventId: oneOf(undefined, 'e1', 'e2', 'e3', 'e4', 'e5', 'e6'),
    userId: oneOf(undefined, 'u1', 'u2'),
    category: oneOf(undefined, 'shoes', 'hats', ' shoes', 'socks'),
    country: oneOf(undefined, 'DE', 'FR'),
    quantity: oneOf(1, 1, 2, 1.5),
    currency: oneOf('EUR', 'EUR', 'EUR', 'USD', 'GBP', 'SEK'),
    amount: oneOf<number | undefined>(undefined, 0, 1, 99_900, 1_234_567, 250_000_001)
  })
  .map(fields => ({ ...fields, faults: faultsOf(fields) }))

function faultsOf({ type, amount }: { type: string; amount: number | undefined }): number {
  const isPriced = ['add_to_cart', 'checkout_started', 'purchase'].includes(type)
  return (type === 'unknown' ? faultBits.unknown_type : 0) + (isPriced && amount === undefined ? 1 : 0)
}

interface Drawn {
  readonly kind: 'event' | 'dead' | 'control'
  readonly stepMs: number
  /** How far the event lies before its record. */
  readonly lagMs: number
  readonly fields: Partial<ShopEvent>
}

const drawn: fc.Arbitrary<Drawn> = fc.record({
  kind: fc.oneof(
    { weight: 12, arbitrary: fc.constant<Drawn['kind']>('event') },
    { weight: 2, arbitrary: fc.constant<Drawn['kind']>('dead') },
    { weight: 1, arbitrary: fc.constant<Drawn['kind']>('control') }
  ),
  stepMs: fc.oneof(
    { weight: 8, arbitrary: fc.integer({ min: 0, max: 8_000 }) },
    { weight: 3, arbitrary: fc.integer({ min: 0, max: 70_000 }) },
    { weight: 1, arbitrary: fc.integer({ min: 0, max: 400_000 }) }
  ),
  lagMs: fc.oneof(
    { weight: 12, arbitrary: fc.integer({ min: 0, max: timing.graceMs }) },
    { weight: 3, arbitrary: fc.integer({ min: 0, max: 300_000 }) },
    // Ahead of its record: trusted up to a minute.
    { weight: 1, arbitrary: fc.integer({ min: -90_000, max: 0 }) }
  ),
  fields: eventFields
})

const logsOf = (appearsAfterMs: fc.Arbitrary<number>): fc.Arbitrary<Map<PartitionKey, ModelLog>> =>
  fc
    .array(
      fc.record({
        appearsAfterMs,
        pace: oneOf(0.2, 1, 1, 4),
        entries: fc.array(drawn, { maxLength: 40 })
      }),
      { minLength: 1, maxLength: 4 }
    )
    .map(all => {
      const logs = all.map(({ appearsAfterMs: afterMs, pace, entries }, index): [PartitionKey, ModelLog] => {
        // One is there from the start: a group without any commit has not started yet.
        const appearsAt = epoch + (index === 0 ? 0 : afterMs)
        return [`t/${index}`, { appearsAt, entries: entriesOf(entries, appearsAt, pace) }]
      })
      return new Map(logs)
    })

/** Logs of one to four partitions of very different pace. */
export const modelLogsFromTheStart = logsOf(oneOf(0))

/** Logs of one to four partitions of very different pace, some of which appear late. */
export const modelLogs = logsOf(oneOf(0, 0, 0, 100_000))

function entriesOf(all: readonly Drawn[], appearsAt: number, pace: number): LogEntry[] {
  let recordTime = appearsAt
  return all.map(({ kind, stepMs, lagMs, fields }, offset): LogEntry => {
    recordTime += Math.round(stepMs * pace)
    switch (kind) {
      case 'control':
        return { offset, recordTime, control: true }
      case 'dead':
        return { offset, recordTime, dead: true }
      case 'event':
        return { offset, recordTime, event: shopEvent(recordTime - lagMs, fields) }
      default:
        return kind satisfies never
    }
  })
}

export type Command =
  | { readonly do: 'wait'; readonly ms: number }
  | { readonly do: 'read'; readonly partition: number; readonly entries: number }
  | { readonly do: 'ask' | 'skip'; readonly partition: number }
  | { readonly do: 'store'; readonly windows: number; readonly isDone: boolean }
  | { readonly do: 'answer' | 'close' | 'catchUp' | 'commit' | 'crash' }

const partition = fc.integer({ min: 0, max: 3 })

const steps: fc.WeightedArbitrary<Command>[] = [
  {
    weight: 6,
    arbitrary: fc.record({ do: oneOf('wait' as const), ms: fc.integer({ min: 0, max: 90_000 }) })
  },
  {
    weight: 8,
    arbitrary: fc.record({ do: oneOf('read' as const), partition, entries: fc.integer({ min: 1, max: 15 }) })
  },
  { weight: 2, arbitrary: fc.record({ do: oneOf('ask' as const), partition }) },
  {
    weight: 5,
    arbitrary: fc.record({
      do: oneOf('store' as const),
      windows: fc.integer({ min: 1, max: 4 }),
      isDone: fc.boolean()
    })
  },
  { weight: 2, arbitrary: fc.record({ do: oneOf('answer' as const) }) },
  { weight: 3, arbitrary: fc.record({ do: oneOf('close' as const) }) },
  { weight: 5, arbitrary: fc.record({ do: oneOf('catchUp' as const) }) },
  { weight: 3, arbitrary: fc.record({ do: oneOf('commit' as const) }) }
]
const crash = { weight: 2, arbitrary: fc.record({ do: oneOf('crash' as const) }) }
const skip = { weight: 1, arbitrary: fc.record({ do: oneOf('skip' as const), partition }) }

/** What may happen, in any order: the reading of partitions, the broker's answers, the store, commits and crashes. */
export const commands = fc.array(fc.oneof(...steps, crash), { maxLength: 80, size: 'max' })

/** The same without a crash, and with partitions that the others no longer wait for. */
export const commandsWithSkips = fc.array(fc.oneof(...steps, skip), { maxLength: 80, size: 'max' })
