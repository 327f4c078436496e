import { createWords } from '../../../../detectors/rules/format.ts'
import { createSegments, type SegmentsOptions } from '../../../../detectors/segments/segments.ts'
import type { Finding } from '../../../../detectors/types.ts'
import { detectorsSchema } from '../../../../src/config/detectors.ts'
import type { WindowMetrics } from '../../../../src/metrics/types.ts'
import { minuteMs } from './segment-shop.ts'

type Segments = ReturnType<typeof createSegments>

export function segmentsOf(options: Partial<SegmentsOptions> = {}): Segments {
  const windowMs = options.windowMs ?? minuteMs
  return createSegments({
    detectors: detectorsSchema.parse({}),
    watch: ['payment_method', 'country', 'category'],
    top: 50,
    windowMs,
    words: createWords('USD', windowMs),
    scaleOf: () => ({ unit: 'number', additive: true }),
    ...options
  })
}

/** What is told at each of the windows [from, to), where nothing is found on the whole shop but `whole`. */
export function feed(
  segments: Segments,
  windowOf: (index: number) => WindowMetrics,
  from: number,
  to: number,
  whole: (window: WindowMetrics, index: number) => readonly Finding[] = () => []
): readonly (readonly Finding[])[] {
  return Array.from({ length: to - from }, (_, i) => {
    const window = windowOf(from + i)
    const windowMs = window.end - window.start
    segments.enter({ window: Math.round(window.start / windowMs), localMs: window.start }, window)
    return segments.judge(window, whole(window, from + i))
  })
}

export const named = ({ kind, segment, severity }: Finding) => `${kind} ${segment} ${severity}`
