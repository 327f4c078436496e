import { describe, expect, test } from 'vitest'
import { createDeadLetterLog, createDeadLetterQueue } from '../../../src/ingest/dead-letters.ts'
import type { DeadLetter } from '../../../src/source/dead-letters.ts'
import { createManualClock } from '../../support/manual-clock.ts'
import { createRecordedLog } from '../../support/recorded-log.ts'

const letter = (offset: number, bytes = 3): DeadLetter => ({
  partition: 't/0',
  offset,
  reason: 'invalid_json',
  key: null,
  value: Buffer.alloc(bytes)
})

/** A sink that keeps what it is given once the test lets it. */
function createSink() {
  const kept: number[] = []
  const calls: { offsets: number[]; answer: (error?: Error) => void }[] = []
  return {
    kept,
    calls,
    close: async () => {},
    keep: (letters: readonly DeadLetter[]) =>
      new Promise<void>((resolve, reject) => {
        const offsets = letters.map(({ offset }) => offset)
        calls.push({
          offsets,
          answer(error) {
            if (error) return reject(error)
            kept.push(...letters.map(({ offset }) => offset))
            resolve()
          }
        })
      })
  }
}

const clock = createManualClock(0)

const settled = () => new Promise<void>(resolve => setImmediate(resolve))

describe('a dead-letter queue', () => {
  test('a flush resolves once all that was pushed before it is kept', async () => {
    const sink = createSink()
    const queue = createDeadLetterQueue(sink, clock)
    queue.push(letter(1))
    queue.push(letter(2))
    let isFlushed = false
    void queue.flush().then(() => {
      isFlushed = true
    })
    await settled()
    expect({ isFlushed, size: queue.size(), calls: sink.calls.length }).toEqual({
      isFlushed: false,
      size: 2,
      calls: 1
    })
    sink.calls[0]?.answer()
    await settled()
    expect({ isFlushed, size: queue.size(), kept: sink.kept }).toEqual({
      isFlushed: true,
      size: 0,
      kept: [1, 2]
    })
  })

  test('a letter that comes during a flush is kept by the next one', async () => {
    const sink = createSink()
    const queue = createDeadLetterQueue(sink, clock)
    queue.push(letter(1))
    void queue.flush()
    await settled()
    queue.push(letter(2))
    sink.calls[0]?.answer()
    await settled()
    expect(sink.calls.map(({ offsets }) => offsets)).toEqual([[1]])
    expect({ size: queue.size(), kept: sink.kept }).toEqual({ size: 1, kept: [1] })
    void queue.flush()
    await settled()
    sink.calls[1]?.answer()
    await settled()
    expect({ size: queue.size(), kept: sink.kept }).toEqual({ size: 0, kept: [1, 2] })
  })

  test('flushes wait for each other, and the second has nothing left to do', async () => {
    const sink = createSink()
    const queue = createDeadLetterQueue(sink, clock)
    queue.push(letter(1))
    const both = Promise.all([queue.flush(), queue.flush()])
    await settled()
    expect(sink.calls).toHaveLength(1)
    sink.calls[0]?.answer()
    await both
    expect(sink.calls).toHaveLength(1)
  })

  test('a failed flush rejects and keeps its letters, and the next one tries them again', async () => {
    const sink = createSink()
    const queue = createDeadLetterQueue(sink, clock)
    queue.push(letter(1))
    const failed = queue.flush()
    await settled()
    sink.calls[0]?.answer(new Error('the broker is away'))
    await expect(failed).rejects.toThrow('the broker is away')
    expect(queue.size()).toBe(1)
    const again = queue.flush()
    await settled()
    sink.calls[1]?.answer()
    await again
    expect({ size: queue.size(), kept: sink.kept }).toEqual({ size: 0, kept: [1] })
  })

  test('a flush that ends after a discard leaves letters pushed since in the queue', async () => {
    const sink = createSink()
    const queue = createDeadLetterQueue(sink, clock)
    queue.push(letter(1))
    void queue.flush()
    await settled()
    queue.discard()
    queue.push(letter(7))
    sink.calls[0]?.answer()
    await settled()
    expect(queue.size()).toBe(1)
  })
})

describe('a fault of a dead-letter queue', () => {
  test('stands from the first letter that was not kept until one is', async () => {
    const sink = createSink()
    const own = createManualClock(5_000)
    const queue = createDeadLetterQueue(sink, own)
    await queue.flush()
    expect(queue.fault()).toBeUndefined()
    queue.push(letter(1))
    void queue.flush().catch(() => {})
    await settled()
    await own.advance(1_000)
    expect(queue.fault()).toEqual({ since: 5_000, error: undefined })
    sink.calls[0]?.answer(new Error('no space left'))
    await settled()
    expect(queue.fault()).toEqual({ since: 5_000, error: 'no space left' })
    void queue.flush()
    await settled()
    sink.calls[1]?.answer()
    await settled()
    expect(queue.fault()).toBeUndefined()
  })

  test('is forgotten with its letters, also by an answer that comes later', async () => {
    const sink = createSink()
    const queue = createDeadLetterQueue(sink, clock)
    queue.push(letter(1))
    void queue.flush().catch(() => {})
    await settled()
    queue.discard()
    sink.calls[0]?.answer(new Error('the topic is gone'))
    await settled()
    expect(queue.fault()).toBeUndefined()
  })
})

describe('the bounds of a dead-letter queue', () => {
  const never = { keep: () => new Promise<void>(() => {}), close: async () => {} }

  test('it is full beyond 10,000 letters', () => {
    const queue = createDeadLetterQueue(never, clock)
    for (let offset = 0; offset < 10_000; offset++) queue.push(letter(offset))
    expect(queue.isFull()).toBe(false)
    queue.push(letter(10_000))
    expect(queue.isFull()).toBe(true)
  })

  test('it is full beyond 64 MiB, keys included, and empty again once they are kept', async () => {
    const sink = createSink()
    const queue = createDeadLetterQueue(sink, clock)
    queue.push({ ...letter(0, 63 * 1024 * 1024), key: Buffer.alloc(1024 * 1024) })
    expect(queue.isFull()).toBe(false)
    queue.push(letter(1, 1))
    expect(queue.isFull()).toBe(true)
    const flushed = queue.flush()
    await settled()
    sink.calls[0]?.answer()
    await flushed
    expect(queue.isFull()).toBe(false)
  })

  test('a discard empties it', () => {
    const queue = createDeadLetterQueue(never, clock)
    queue.push(letter(0, 65 * 1024 * 1024))
    queue.discard()
    expect({ size: queue.size(), isFull: queue.isFull() }).toEqual({ size: 0, isFull: false })
  })
})

test('the first dead letter of a reason is logged with its place and an example, further ones at most once a minute with their number', async () => {
  const clock = createManualClock(0)
  const log = createRecordedLog()
  const exampleOf = (topic: string, value: Buffer | null) =>
    value === null ? undefined : { text: `${topic} ${value}`, hint: 'write JSON' }
  const note = createDeadLetterLog({ clock, log, topics: { exampleOf } })
  note('invalid_json', 't/0', 7, Buffer.from('{'))
  note('invalid_json', 't/0', 8, Buffer.from('['))
  note('undecodable_batch', 't/1', 3, null)
  await clock.advance(59_999)
  note('invalid_json', 't/0', 9, Buffer.from('('))
  await clock.advance(1)
  note('invalid_json', 't/2', 1, Buffer.from('<'))
  expect(log.lines.map(({ fields }) => fields)).toEqual([
    { reason: 'invalid_json', partition: 't/0', offset: 7, count: 1, example: 't {', hint: 'write JSON' },
    { reason: 'undecodable_batch', partition: 't/1', offset: 3, count: 1 },
    { reason: 'invalid_json', partition: 't/2', offset: 1, count: 3, example: 't <', hint: 'write JSON' }
  ])
})
