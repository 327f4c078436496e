import type { Segment } from '../window/segment.ts'
import type { ClosedWindow } from '../window/types.ts'
import type { SegmentValue } from './types.ts'
import { ratio } from './values.ts'

/**
 * Which partitions late events came from: `late_rate` in dimension `partition`, of those alone that had any. In a
 * topic whose clocks agree there are none, so that a thousand partitions cost no rows.
 */
export function lateByPartition({ partitions, partials }: ClosedWindow): readonly SegmentValue[] {
  return partials.flatMap(({ records, late, dead }, index) => {
    if (late === 0) return []
    const segment: Segment = `partition=${partitions[index]}`
    return { metric: 'late_rate', dimension: 'partition', segment, ...ratio(late, records - dead) }
  })
}
