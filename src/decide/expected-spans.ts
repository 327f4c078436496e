import { conditionOf } from '../incident/impact.ts'
import { latestLabels } from '../incident/labels.ts'
import type { OperatorAction, StoredIncident } from '../incident/types.ts'

/** Whether a span, [fromMs, toMs), is one of an incident that somebody expected. */
export type IsExpected = (fromMs: number, toMs: number) => boolean

export type ExpectedSpans = ReturnType<typeof createExpectedSpans>

interface Span {
  readonly fromMs: number
  /** Without an end while the incident is open. */
  readonly toMs: number
}

/** The windows of incidents that somebody marked as expected: they are not learned. */
export function createExpectedSpans() {
  let spans = new Map<string, Span>()
  /** Whether the last label of an incident says so: one that is read again changes nothing, whether there is such an incident or not. */
  const labelled = new Map<string, boolean>()

  return {
    covers(fromMs: number, toMs: number): boolean {
      for (const span of spans.values()) if (span.fromMs < toMs && span.toMs > fromMs) return true
      return false
    },
    /** The incidents whose last label in the store says so. */
    replace(incidents: readonly StoredIncident[]): void {
      spans = new Map(incidents.map(incident => [incident.id, spanOf(incident)]))
      for (const { id } of incidents) labelled.set(id, true)
    },
    /** Goes on with what became of incidents. */
    follow(incidents: readonly StoredIncident[]): void {
      if (spans.size === 0) return
      for (const incident of incidents) if (spans.has(incident.id)) spans.set(incident.id, spanOf(incident))
    },
    /** Takes labels out of what people did, in the order of time; true where the past is to be learned again. */
    act(actions: readonly OperatorAction[]): boolean {
      let isChanged = false
      for (const [id, { verdict }] of latestLabels(actions)) {
        const isExpected = verdict === 'expected'
        if ((labelled.get(id) ?? false) === isExpected) continue
        labelled.set(id, isExpected)
        isChanged = true
      }
      return isChanged
    },
    forget(): void {
      spans = new Map()
      labelled.clear()
    }
  }
}

/** From the first window that shows one of its alerts to the one in which it ended: all of them are unlike others. */
const spanOf = ({ alerts, resolvedAt }: StoredIncident): Span => ({
  fromMs: Math.min(...alerts.map(alert => conditionOf(alert).conditionFrom)),
  toMs: resolvedAt ?? Number.POSITIVE_INFINITY
})
