import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeMetadata, encodeMetadata } from '../../../src/source/commit-metadata.ts'
import type { Checkpoint } from '../../../src/window/types.ts'

const now = Date.parse('2026-11-21T12:00:00Z')
const minute = 60_000

/** A checkpoint of a slow partition whose windows the clock closed once a minute, one record after another. */
function withMarkers(count: number): Checkpoint {
  return {
    offset: 9_000_000_000,
    closedUntil: now,
    maxEventTime: now + 1,
    maxRecordTime: now + 2,
    incompleteUntil: now - 1,
    closedMarkers: Array.from({ length: count }, (_, index) => ({
      fromOffset: 9_000_000_000 + index,
      until: now + index * minute
    }))
  }
}

describe('the metadata of a commit', () => {
  test('gives back the checkpoint', () => {
    const time = fc.option(fc.integer({ min: 0, max: 253_402_300_799_999 }), { nil: undefined })
    const offset = fc.nat({ max: 2 ** 40 })
    const closedMarkers = fc.array(fc.record({ fromOffset: offset, until: fc.nat({ max: 2 ** 42 }) }), {
      maxLength: 20
    })
    const checkpoints = fc.record({
      offset,
      closedUntil: time,
      maxEventTime: time,
      maxRecordTime: time,
      incompleteUntil: time,
      closedMarkers
    })
    fc.assert(
      fc.property(checkpoints, checkpoint => {
        expect(decodeMetadata(checkpoint.offset, encodeMetadata(checkpoint))).toEqual(checkpoint)
      })
    )
  })

  test('is short where there is nothing to say', () => {
    const checkpoint = { ...withMarkers(0), maxEventTime: undefined, maxRecordTime: undefined }
    expect(encodeMetadata(checkpoint)).toBe(`{"sealedUntil":${now},"incompleteUntil":${now - 1}}`)
  })

  test('has the keys that other versions read, and closed markers as steps from one to the next', () => {
    const { offset, closedMarkers, ...times } = withMarkers(2)
    expect(encodeMetadata({ offset: offset + 7, closedMarkers, ...times })).toBe(
      `{"maxEventTime":${now + 1},"maxRecordTime":${now + 2},"sealedUntil":${now},"incompleteUntil":${now - 1},"seals":[${offset},${now},1,${minute}]}`
    )
  })

  test('has room for five hours of closed markers by the minute', () => {
    const checkpoint = withMarkers(300)
    expect(decodeMetadata(checkpoint.offset, encodeMetadata(checkpoint))).toEqual(checkpoint)
  })

  test('of more closed markers than Kafka takes keeps the newest, below four thousand bytes', () => {
    const checkpoint = withMarkers(20_000)
    const text = encodeMetadata(checkpoint)
    const { closedMarkers } = decodeMetadata(checkpoint.offset, text)
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(4_000)
    expect(closedMarkers.length).toBeGreaterThan(250)
    expect(closedMarkers).toEqual(checkpoint.closedMarkers.slice(-closedMarkers.length))
  })
})
