import { z } from 'zod'
import { minuteMs } from '../../src/time/units.ts'
import { checkLadder, enabled, ladder, maxPValue, part, section, severity } from '../rules/options.ts'
import { duration, share } from '../rules/units.ts'

/** How segments are followed and judged: `detectors.segments`. Spans are of time, for they hold at every window size. */
export const segmentsSchema = section(
  {
    enabled,
    /** Trailing spans that are tested, shortest first. */
    spans: z
      .array(duration)
      .min(1)
      .refine(
        list => list.every((span, i) => span > 0 && (i === 0 || span > (list[i - 1] as number))),
        'durations, each longer than the one before'
      )
      .default([1, 2, 3, 5, 10, 15, 20, 30, 45, 60].map(minutes => minutes * minuteMs)),
    /** A finding also holds, more weakly, without all but one of this many of its most extreme windows. */
    min_windows: z.int().min(1).max(60).default(2),
    /** How far below what the others of its dimension imply. */
    drop: part(0.35),
    /** At one close, shared out over the values of a dimension and the spans. */
    improbable: maxPValue(3e-5),
    severity: severity('medium'),
    /** By what was lost, as a share of what is expected of the whole shop. */
    raise_lost: ladder(share, { high: 0.15, critical: 0.5 }),
    /** A segment explains a finding from this share of its change on. */
    explains: part(0.2),
    /** Segments that fell within so much time of each other are one cause. */
    together: duration.default(10 * minuteMs),
    /** What the rolling shares rest on. */
    memory: duration.default(120 * minuteMs),
    /** How far a share is believed to stray until it is learned, and at least. */
    spread: part(0.08),
    least_spread: part(0.05)
  },
  (value, issue) => {
    checkLadder(issue, 'raise_lost', value.severity, 0, value.raise_lost)
    if (value.least_spread > value.spread) issue(['least_spread'], 'at most spread')
  }
).transform(({ spans, together, memory, ...rest }) => ({
  ...rest,
  spansMs: spans,
  togetherMs: together,
  memoryMs: memory
}))

export type SegmentOptions = Readonly<z.output<typeof segmentsSchema>>
