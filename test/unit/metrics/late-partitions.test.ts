import { expect, test } from 'vitest'
import { lateByPartition } from '../../../src/metrics/late-partitions.ts'
import { createPartial } from '../../../src/window/accumulate.ts'
import { ingestOptions } from '../../support/ingest-options.ts'

const share = (records: number, late: number, dead: number) => ({
  ...createPartial(0, ingestOptions()),
  records,
  late,
  dead
})

test('a partition with late events has their share of its events, and one without has no row', () => {
  const rows = lateByPartition({
    start: 0,
    end: 60_000,
    complete: true,
    partials: [share(10, 0, 0), share(12, 3, 4)],
    partitions: ['shop-events/0', 'shop-events/3']
  })
  expect(rows).toEqual([
    {
      metric: 'late_rate',
      dimension: 'partition',
      segment: 'partition=shop-events/3',
      value: 3 / 8,
      numerator: 3,
      denominator: 8,
      sampleSize: 8,
      squares: 0
    }
  ])
})
