import { setImmediate as turn } from 'node:timers/promises'
import type { Detection } from '../../../detectors/types.ts'
import type { Decision, Decisions } from '../../decide/decision.ts'
import { learntOfSegments, warmUp } from '../../decide/warm-up.ts'
import type { OperatorAction } from '../../incident/types.ts'
import type { WindowMetrics } from '../../metrics/types.ts'
import type { Store } from '../../store/types.ts'
import { dayMs } from '../../time/units.ts'
import type { Span } from './outcome.ts'

const windowsPerTurn = 200
/** Incidents that opened before the span are followed for so long, so that they do not open in it anew. */
export const leadMs = 2 * dayMs

/** A configuration at work, which tells nobody. */
export interface Judge {
  readonly detection: Detection
  readonly decisions: Decisions
  readonly take: (decision: Decision) => void
  /** What it sees of a window that it judges, where that is not the stored one. */
  readonly sees?: (window: WindowMetrics) => WindowMetrics
}

export interface PlayOptions extends Span {
  readonly store: Pick<Store, 'windows'>
  readonly pipeline: string
  readonly judges: readonly Judge[]
  readonly historyMs: number
  /** Of segments, only these dimensions are read, where they are given. */
  readonly dimensions: readonly string[] | undefined
  readonly windowMs: number
  readonly graceMs: number
  /** What people did, in the order of their time. */
  readonly actions: readonly OperatorAction[]
  /** Each window that is read, of whatever size. */
  readonly onWindow: (window: WindowMetrics) => void
  /** How much is done, of 1. */
  readonly onProgress: (share: number) => void
}

/**
 * Lets all judges learn what is stored before the span, and decide on its windows, each known by what was before it.
 * Windows of another size are passed over. Rejects with the store's error.
 */
export async function playStored(options: PlayOptions): Promise<void> {
  const { store, pipeline, judges, windowMs, fromMs, toMs } = options
  const judgedFrom = fromMs - leadMs
  const learntFrom = judgedFrom - options.historyMs
  const progress = (atMs: number) => options.onProgress((atMs - learntFrom) / (toMs - learntFrom))
  const detections = judges.map(({ detection }) => detection)
  await warmUp(store, pipeline, inOne(detections, windowMs, progress), learntFrom, judgedFrom)
  const further = detections.flatMap(({ alsoLearns }) => alsoLearns?.segmentMetrics ?? [])
  const metrics = [...new Set([...learntOfSegments, ...further])]
  const decide = createDecide(options)
  const read = (at: number) =>
    store.windows(pipeline, at, Math.min(at + dayMs, toMs), metrics, 'all', options.dimensions)

  let next = read(judgedFrom)
  for (let at = judgedFrom; at < toMs; at += dayMs) {
    const windows = await next
    // The store answers while these are judged.
    next = at + dayMs < toMs ? read(at + dayMs) : Promise.resolve([])
    next.catch(() => {})
    for (const [index, window] of windows.entries()) {
      if (window.start >= fromMs) options.onWindow(window)
      if (window.end - window.start === windowMs) decide(window)
      if (index % windowsPerTurn === 0) {
        progress(window.start)
        await turn()
      }
    }
  }
}

function createDecide({ judges, graceMs, actions }: PlayOptions) {
  let acted = 0
  return function decide(window: WindowMetrics): void {
    const nowMs = window.end + graceMs
    const first = acted
    while (acted < actions.length && (actions[acted] as OperatorAction).at <= nowMs) acted += 1
    const due = actions.slice(first, acted)
    for (const { detection, decisions, take, sees } of judges) {
      if (due.length > 0) take(decisions.ofActions(due, nowMs))
      take(decisions.ofWindow(detection, sees?.(window) ?? window, nowMs))
    }
  }
}

/** All of them learn the same windows, which are read once. */
function inOne(
  detections: readonly Detection[],
  windowMs: number,
  onLearnt: (atMs: number) => void
): Pick<Detection, 'learn' | 'alsoLearns'> {
  const ofSize =
    (learn: (detection: Detection, window: WindowMetrics) => void) =>
    (window: WindowMetrics): void => {
      onLearnt(window.start)
      if (window.end - window.start === windowMs) for (const one of detections) learn(one, window)
    }
  const further = detections.flatMap(({ alsoLearns }) => alsoLearns ?? [])
  return {
    learn: ofSize((detection, window) => detection.learn(window)),
    ...(further.length > 0 && {
      alsoLearns: {
        segmentMetrics: further.flatMap(({ segmentMetrics }) => segmentMetrics),
        learnIncomplete: ofSize((detection, window) => detection.alsoLearns?.learnIncomplete(window))
      }
    })
  }
}
