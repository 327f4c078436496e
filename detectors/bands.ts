import type { WindowMetrics } from '../src/metrics/types.ts'
import type { Segment } from '../src/window/segment.ts'
import type { Calendar } from './baseline/calendar.ts'
import type { SeriesRegistry } from './baseline/series-registry.ts'
import type { KindDetector } from './create-detectors.ts'
import { edgeOf } from './rules/edge.ts'
import type { Watch } from './rules/watch.ts'
import type { Segments } from './segments/segments.ts'
import type { Band, Bands } from './types.ts'

interface BandsOptions {
  readonly detectors: readonly KindDetector[]
  readonly shop: SeriesRegistry
  readonly calendar: Calendar | undefined
  readonly segments: Pick<Segments, 'addBands'> | undefined
  /** Kinds that judge incomplete windows too. */
  readonly incompleteKinds: ReadonlySet<string>
}

const unjudged = { expected: null, lower: null, upper: null } as const
const incomplete: Band = { state: 'incomplete', ...unjudged }
const warmingUp: Band = { state: 'warming_up', ...unjudged }

/** The bands of the newest window, which is entered and not learned yet: by what was learned before it. */
export function createBands({ detectors, shop, calendar, segments, incompleteKinds }: BandsOptions) {
  function bandOf(watch: Watch, window: WindowMetrics, isMuted: boolean): Band | undefined {
    const metric = window.values.get(watch.metric)
    if (!metric) return undefined
    if (watch.trainedWindows && watch.trainedWindows() < shop.warmupWindows) return warmingUp
    const edge = edgeOf(watch.scan)
    if (!edge) return { state: 'judged', ...unjudged }
    const { measured, at } = edge
    const expected = watch.shown(measured.expected, measured, metric)
    const beyond = at === undefined || isMuted ? null : watch.shown(at, measured, metric)
    // A drop of what is left of a share is a rise of it.
    const isLower = beyond !== null && beyond < expected
    return {
      state: 'judged',
      expected: numberOrNull(expected),
      lower: isLower ? numberOrNull(beyond) : null,
      upper: isLower ? null : numberOrNull(beyond)
    }
  }

  return function bandsOf(window: WindowMetrics): Bands {
    const bands = new Map<string, Map<Segment, Band>>()
    for (const { kind, watches = [], trainedWindows } of detectors) {
      const isMuted = calendar?.mutes(kind, window.start, window.end) !== undefined
      const isReady = trainedWindows() >= shop.warmupWindows
      shop.widen(calendar?.widens(kind, window.start)?.factor ?? 1)
      for (const watch of watches) {
        const band =
          window.complete || incompleteKinds.has(kind)
            ? isReady
              ? bandOf(watch, window, isMuted)
              : warmingUp
            : incomplete
        const there = bands.get(watch.metric)?.get('all')
        if (band) bands.set(watch.metric, new Map([['all', there ? narrower(there, band) : band]]))
      }
    }
    shop.widen(1)
    segments?.addBands(bands, window)
    return bands
  }
}

/** What several kinds watch leaves its band where the first of them finds it. */
function narrower(one: Band, other: Band): Band {
  if (other.state !== 'judged') return one
  if (one.state !== 'judged') return other
  return {
    state: 'judged',
    expected: one.expected ?? other.expected,
    lower: nearest(Math.max, one.lower, other.lower),
    upper: nearest(Math.min, one.upper, other.upper)
  }
}

const nearest = (of: (a: number, b: number) => number, one: number | null, other: number | null) =>
  one === null || other === null ? (one ?? other) : of(one, other)

/** Half of the digits are exact enough, and take half of the room. */
const numberOrNull = (value: number | null): number | null =>
  value !== null && Number.isFinite(value) ? Math.fround(value) : null
