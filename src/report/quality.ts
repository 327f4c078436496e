import { median } from 'simple-statistics'
import type { LabelVerdict } from '../incident/label.ts'
import type { IncidentLabel } from '../incident/labels.ts'
import type { NotificationRecord, OperatorAction, StoredIncident } from '../incident/types.ts'
import type { Store } from '../store/types.ts'
import { localOffset } from '../time/local-time.ts'
import { dayMs, hourMs } from '../time/units.ts'

/** By the shop's clocks. */
export const night = { fromHour: 22, toHour: 7 } as const

/** How good the alerts of a time were. */
export interface Figures {
  readonly incidents: number
  readonly labelled: Readonly<Record<LabelVerdict, number>>
  /** Real ones of those that were real or false; null where none is labelled so. */
  readonly precision: number | null
  /** From the first message that a receiver took to the first acknowledgement; null where nobody acknowledged one. */
  readonly medianAckMs: number | null
  /** Pages that were opened; several receivers of one are one page. */
  readonly pages: number
}

export interface Quality extends Figures {
  readonly fromMs: number
  readonly toMs: number
  readonly pagesPerWeek: number
  /** Of the pages; null where there was none. */
  readonly nightShare: number | null
  /** By the kind that leads, the one with the most incidents first. */
  readonly kinds: readonly (Figures & { readonly kind: string })[]
}

export interface QualityFacts {
  readonly incidents: readonly StoredIncident[]
  readonly labels: ReadonlyMap<string, IncidentLabel>
  readonly notifications: readonly NotificationRecord[]
  /** In the order of their time. */
  readonly actions: readonly OperatorAction[]
}

interface Span {
  readonly fromMs: number
  readonly toMs: number
}

/** What is stored of the incidents that opened in [fromMs, toMs). */
export async function readQuality(
  store: Pick<Store, 'findIncidents' | 'findNotifications' | 'actions' | 'labels'>,
  pipeline: string,
  { fromMs, toMs }: Span
): Promise<QualityFacts> {
  const incidents = await store.findIncidents({ pipeline, sinceMs: fromMs })
  return {
    incidents: incidents.filter(({ openedAt }) => openedAt >= fromMs && openedAt < toMs),
    labels: await store.labels(pipeline),
    notifications: await store.findNotifications({ pipeline, action: 'trigger', sinceMs: fromMs }),
    actions: await store.actions(pipeline, fromMs)
  }
}

export function qualityOf(facts: QualityFacts, { fromMs, toMs }: Span, timezone: string): Quality {
  const { incidents, labels } = facts
  const sent = facts.notifications
    .filter(({ outcome }) => outcome === 'sent')
    .toSorted((a, b) => a.decidedAt - b.decidedAt)
  const told = firstOf(sent, ({ incidentId, decidedAt }) => [incidentId, decidedAt])
  const pages = firstOf(sent, ({ dedupKey, ...page }) => (dedupKey === null ? undefined : [dedupKey, page]))
  const acknowledged = firstOf(facts.actions, ({ action, incidentId, at }) =>
    action === 'acknowledge' && incidentId !== null ? [incidentId, at] : undefined
  )
  const pagesOf = Map.groupBy(pages.values(), ({ incidentId }) => incidentId)

  function figuresOf(of: readonly StoredIncident[]): Figures {
    const labelled = { real: 0, false: 0, expected: 0 }
    for (const { id } of of) {
      const label = labels.get(id)
      if (label) labelled[label.verdict]++
    }
    const judged = labelled.real + labelled.false
    const waits = of.flatMap(({ id, openedAt }) => {
      const at = acknowledged.get(id)
      return at === undefined ? [] : [Math.max(0, at - (told.get(id) ?? openedAt))]
    })
    return {
      incidents: of.length,
      labelled,
      precision: judged === 0 ? null : labelled.real / judged,
      medianAckMs: waits.length === 0 ? null : median(waits),
      pages: of.reduce((sum, { id }) => sum + (pagesOf.get(id)?.length ?? 0), 0)
    }
  }

  const all = figuresOf(incidents)
  const offsetAt = localOffset(timezone)
  const ids = new Set(incidents.map(({ id }) => id))
  const atNight = [...pages.values()].filter(
    ({ incidentId, decidedAt }) => ids.has(incidentId) && isNight(decidedAt + offsetAt(decidedAt))
  ).length
  return {
    ...{ fromMs, toMs, ...all },
    pagesPerWeek: (all.pages * 7 * dayMs) / (toMs - fromMs),
    nightShare: all.pages === 0 ? null : atNight / all.pages,
    kinds: [...Map.groupBy(incidents, ({ kind }) => kind)]
      .map(([kind, of]) => ({ kind, ...figuresOf(of) }))
      .toSorted((a, b) => b.incidents - a.incidents || (a.kind < b.kind ? -1 : 1))
  }
}

/** The first value of each key, in the order given. */
function firstOf<Item, Value>(
  items: readonly Item[],
  entryOf: (item: Item) => readonly [string, Value] | undefined
): ReadonlyMap<string, Value> {
  const first = new Map<string, Value>()
  for (const item of items) {
    const [key, value] = entryOf(item) ?? []
    if (key !== undefined && value !== undefined && !first.has(key)) first.set(key, value)
  }
  return first
}

function isNight(localMs: number): boolean {
  const hour = Math.floor((localMs % dayMs) / hourMs)
  return hour >= night.fromHour || hour < night.toHour
}
