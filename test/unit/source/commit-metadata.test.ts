import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decodeMetadata, encodeMetadata } from '../../../src/source/commit-metadata.ts'
import type { Checkpoint } from '../../../src/window/types.ts'

const now = Date.parse('2026-11-21T12:00:00Z')
const minute = 60_000

/** A checkpoint of a slow partition that was closed by the clock once a minute, one record after another. */
function withSeals(count: number): Checkpoint {
  return {
    offset: 9_000_000_000,
    sealedUntil: now,
    maxEventTime: now + 1,
    maxRecordTime: now + 2,
    incompleteUntil: now - 1,
    seals: Array.from({ length: count }, (_, index) => ({
      fromOffset: 9_000_000_000 + index,
      until: now + index * minute
    }))
  }
}

describe('the metadata of a commit', () => {
  test('gives back the checkpoint', () => {
    const time = fc.option(fc.integer({ min: 0, max: 253_402_300_799_999 }), { nil: undefined })
    const offset = fc.nat({ max: 2 ** 40 })
    const seals = fc.array(fc.record({ fromOffset: offset, until: fc.nat({ max: 2 ** 42 }) }), {
      maxLength: 20
    })
    const checkpoints = fc.record({
      offset,
      sealedUntil: time,
      maxEventTime: time,
      maxRecordTime: time,
      incompleteUntil: time,
      seals
    })
    fc.assert(
      fc.property(checkpoints, checkpoint => {
        expect(decodeMetadata(checkpoint.offset, encodeMetadata(checkpoint))).toEqual(checkpoint)
      })
    )
  })

  test('is short where there is nothing to say', () => {
    const checkpoint = { ...withSeals(0), maxEventTime: undefined, maxRecordTime: undefined }
    expect(encodeMetadata(checkpoint)).toBe(`{"sealedUntil":${now},"incompleteUntil":${now - 1}}`)
  })

  test('holds five hours of seals by the minute', () => {
    const checkpoint = withSeals(300)
    expect(decodeMetadata(checkpoint.offset, encodeMetadata(checkpoint))).toEqual(checkpoint)
  })

  test('of more seals than Kafka takes keeps the newest, below four thousand bytes', () => {
    const checkpoint = withSeals(20_000)
    const text = encodeMetadata(checkpoint)
    const { seals } = decodeMetadata(checkpoint.offset, text)
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(4_000)
    expect(seals.length).toBeGreaterThan(250)
    expect(seals).toEqual(checkpoint.seals.slice(-seals.length))
  })
})
