import { setImmediate as turn } from 'node:timers/promises'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { native } from '../../../../../src/decode/layouts/native.ts'
import type { ReaderCurrency, ReaderSettings } from '../../../../../src/source/kafka/readers/protocol.ts'
import { createReaders, type SliceToTake } from '../../../../../src/source/kafka/readers/readers.ts'
import type { PartitionKey } from '../../../../../src/source/partition.ts'
import type { Clock } from '../../../../../src/telemetry/clock.ts'
import { type FakeLogs, fakeReaders } from '../../../../support/fake-reader.ts'
import { createRecordedLog } from '../../../../support/recorded-log.ts'
import { tries } from '../../../../support/tries.ts'

const keys: readonly PartitionKey[] = ['t/0', 't/1', 't/2']
const settings: ReaderSettings = {
  ...{ brokers: [], clientId: 'c', group: 'g', topics: ['t'], maxBytesPerPartition: 1 },
  decoding: {
    layouts: new Map([['t', native]]),
    ...{ extraFields: [], maxBytes: 10_000, fields: new Set<string>(), trustAheadMs: 60_000 }
  }
}

/** Sleeps end at once: what waits for time waits for a turn. */
const clock: Clock = { now: () => 0, monotonic: () => 0, sleep: async () => void (await turn()) }

const logsOf = (records: number): FakeLogs =>
  new Map(
    keys.map(key => [
      key,
      Array.from({ length: records }, (_, offset) =>
        offset % 7 === 3
          ? 'broken'
          : JSON.stringify({ event_type: 'search', event_time: 0, session_id: `${key} ${offset}` })
      )
    ])
  )

/** A main thread that takes slices where they continue, and notes the offsets that it saw. */
function mainThread(logs: FakeLogs, number: number, batchSize: () => number) {
  const threads = fakeReaders(logs, batchSize)
  const log = createRecordedLog()
  const positions = new Map<PartitionKey, number>(keys.map(key => [key, 0]))
  const seen = new Map<PartitionKey, number[]>(keys.map(key => [key, []]))
  let currency: ReaderCurrency | undefined = { currency: 'EUR', knownCurrencies: new Set(['EUR']) }
  let restarts = 0
  let doubts = 0
  const readers = createReaders({
    settings,
    startThread: threads.start,
    currency: () => currency,
    onCount: () => {},
    onRestart: () => void restarts++,
    clock,
    log
  })

  async function take({ slice, each }: SliceToTake): Promise<void> {
    if (slice.isDoubtful) doubts++
    const position = positions.get(slice.key)
    if (position === undefined) return readers.halt(slice.key)
    if (slice.from !== position) return readers.seek(slice.key, position)
    each(slice, offset => void seen.get(slice.key)?.push(offset))
    positions.set(slice.key, slice.next)
  }

  readers.use({ take, position: key => positions.get(key), onError: () => {} })
  readers.start(number)
  return {
    ...{ threads, log, positions, seen, readers },
    restarts: () => restarts,
    doubts: () => doubts,
    forgetCurrency: () => {
      currency = undefined
    },
    async readAll() {
      while (keys.some(key => (positions.get(key) ?? 0) < (logs.get(key)?.length ?? 0))) await turn()
    }
  }
}

const whole = (logs: FakeLogs) => new Map([...logs].map(([key, values]) => [key, [...values.keys()]]))

test('readers read every record of their partitions once and in order', async () => {
  const logs = logsOf(9_000)
  const { readers, seen, readAll } = mainThread(logs, 2, () => 7_000)
  for (const key of keys) readers.seek(key, 0)
  await readAll()
  expect(seen).toEqual(whole(logs))
  await readers.stop()
})

test('a partition that is paused or halted is not read, and read on behind a resume or a seek', async () => {
  const logs = logsOf(2_000)
  const { readers, seen, positions, readAll } = mainThread(logs, 1, () => 100)
  readers.pause(['t/0'])
  for (const key of keys) readers.seek(key, 0)
  while ((positions.get('t/1') ?? 0) < 500) await turn()
  readers.halt('t/1')
  const haltedAt = positions.get('t/1') ?? 0
  while ((positions.get('t/2') ?? 0) < 2_000) await turn()
  expect(positions.get('t/0')).toBe(0)
  expect(positions.get('t/1')).toBe(haltedAt)
  readers.resume(['t/0'])
  readers.seek('t/1', haltedAt)
  await readAll()
  expect(seen).toEqual(whole(logs))
  await readers.stop()
})

test('nothing is read before the currency is known', async () => {
  const { readers, forgetCurrency, positions } = mainThread(logsOf(10), 2, () => 10)
  forgetCurrency()
  expect(readers.areReading()).toBe(false)
  for (const key of keys) readers.seek(key, 0)
  for (let count = 0; count < 50; count++) await turn()
  expect([...positions.values()]).toEqual([0, 0, 0])
  await readers.stop()
})

test('a failed fetch is said with the next slice', async () => {
  const logs = logsOf(3_000)
  const { readers, threads, doubts, positions, readAll } = mainThread(logs, 1, () => 50)
  for (const key of keys) readers.seek(key, 0)
  while ((positions.get('t/0') ?? 0) === 0) await turn()
  expect(doubts()).toBe(0)
  threads.running[0]?.failFetch()
  await readAll()
  expect(doubts()).toBe(1)
  await readers.stop()
})

const step = fc.record({
  turns: fc.nat({ max: 20 }),
  what: fc.constantFrom('die', 'rejoin', 'failFetch', 'seek', 'pause', 'resume', 'halt', 'nothing'),
  key: fc.constantFrom(...keys),
  reader: fc.nat({ max: 2 })
})

test('whatever ends, joins, fails, seeks and pauses meanwhile, each record is taken once and in order', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 3 }),
      fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 5 }),
      fc.array(step, { maxLength: 25 }),
      async (number, sizes, steps) => {
        const logs = logsOf(3_000)
        let fetches = 0
        const main = mainThread(logs, number, () => sizes[fetches++ % sizes.length] as number)
        const { readers, threads, positions, seen } = main
        let deaths = 0
        for (const key of keys) readers.seek(key, 0)
        for (const { turns, what, key, reader } of steps) {
          for (let count = 0; count < turns; count++) await turn()
          const one = threads.running[reader % Math.max(1, threads.running.length)]
          if (what === 'die' && one !== undefined) {
            deaths++
            one.die('killed')
          } else if (what === 'rejoin' || what === 'failFetch') one?.[what]()
          else if (what === 'seek') readers.seek(key, positions.get(key) ?? 0)
          else if (what === 'halt') readers.halt(key)
          else if (what === 'pause' || what === 'resume') readers[what]([key])
        }
        readers.resume(keys)
        for (const key of keys) readers.seek(key, positions.get(key) ?? 0)
        await main.readAll()
        expect(seen).toEqual(whole(logs))
        while (main.restarts() < deaths) await turn()
        expect(main.restarts()).toBe(deaths)
        await readers.stop()
      }
    ),
    { numRuns: tries(25), endOnFailure: true }
  )
}, 60_000)
