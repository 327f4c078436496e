import { isAbove } from '../../../detectors/rules/severity.ts'
import type { Severity } from '../../../detectors/types.ts'
import { isSameCondition } from '../../incident/alert.ts'
import type { StoredIncident } from '../../incident/types.ts'
import type { FoundAnomaly, Message, Outcome } from './outcome.ts'

/** The same in both, before and after. */
export interface Pair<One> {
  readonly before: One
  readonly after: One
}

interface Changes<One> {
  readonly before: number
  readonly after: number
  readonly new: readonly One[]
  readonly gone: readonly One[]
  readonly graver: readonly Pair<One>[]
  readonly milder: readonly Pair<One>[]
}

export interface Comparison {
  readonly anomalies: Changes<FoundAnomaly>
  readonly incidents: Changes<StoredIncident> & {
    readonly earlier: readonly Pair<StoredIncident>[]
    readonly later: readonly Pair<StoredIncident>[]
  }
  /** By receiver, the one with most messages first. */
  readonly messages: readonly { readonly receiver: string; readonly before: number; readonly after: number }[]
  /** Several receivers of one page are one. `new`: of incidents that had none, or fewer. */
  readonly pages: { readonly before: number; readonly after: number; readonly new: number }
}

export function compareOutcomes(before: Outcome, after: Outcome): Comparison {
  const incidents = matchedIncidents([...before.incidents.values()], [...after.incidents.values()])
  const anomalies = [...after.anomalies.values()].flatMap(one => {
    const former = before.anomalies.get(one.id)
    return former ? [{ before: former, after: one }] : []
  })
  const { pairs } = incidents
  return {
    anomalies: {
      before: before.anomalies.size,
      after: after.anomalies.size,
      new: [...after.anomalies.values()].filter(({ id }) => !before.anomalies.has(id)),
      gone: [...before.anomalies.values()].filter(({ id }) => !after.anomalies.has(id)),
      ...bySeverity(anomalies)
    },
    incidents: {
      before: before.incidents.size,
      after: after.incidents.size,
      new: incidents.new,
      gone: incidents.gone,
      earlier: pairs.filter(pair => pair.after.openedAt < pair.before.openedAt),
      later: pairs.filter(pair => pair.after.openedAt > pair.before.openedAt),
      ...bySeverity(pairs)
    },
    messages: messagesByReceiver(before.messages, after.messages),
    pages: comparedPages(before, after, incidents)
  }
}

const bySeverity = <One extends { readonly severity: Severity }>(pairs: readonly Pair<One>[]) => ({
  graver: pairs.filter(pair => isAbove(pair.after.severity, pair.before.severity)),
  milder: pairs.filter(pair => isAbove(pair.before.severity, pair.after.severity))
})

interface Matched {
  readonly pairs: readonly Pair<StoredIncident>[]
  readonly new: readonly StoredIncident[]
  readonly gone: readonly StoredIncident[]
}

/** The same incident has the same id; else it is one of the same kind and segment that was open at the same time. */
function matchedIncidents(before: readonly StoredIncident[], after: readonly StoredIncident[]): Matched {
  const left = new Map(before.toSorted(byOpening).map(one => [one.id, one]))
  const pairs: Pair<StoredIncident>[] = []
  const fresh: StoredIncident[] = []
  const moved: StoredIncident[] = []
  for (const one of after.toSorted(byOpening)) {
    const same = left.get(one.id)
    if (same === undefined) moved.push(one)
    else pairs.push({ before: same, after: one })
    left.delete(one.id)
  }
  for (const one of moved) {
    const former = [...left.values()].find(other => areOfOneTime(one, other) && shareAlert(one, other))
    if (former === undefined) fresh.push(one)
    else {
      pairs.push({ before: former, after: one })
      left.delete(former.id)
    }
  }
  return { pairs, new: fresh, gone: [...left.values()] }
}

const byOpening = (a: StoredIncident, b: StoredIncident) => a.openedAt - b.openedAt || (a.id < b.id ? -1 : 1)

const endOf = ({ resolvedAt, lastWindowEnd }: StoredIncident) => resolvedAt ?? lastWindowEnd

export const areOfOneTime = (one: StoredIncident, other: StoredIncident): boolean =>
  one.openedAt <= endOf(other) && other.openedAt <= endOf(one)

const shareAlert = (one: StoredIncident, other: StoredIncident): boolean =>
  one.alerts.some(alert => other.alerts.some(its => isSameCondition(alert, its)))

function messagesByReceiver(before: readonly Message[], after: readonly Message[]) {
  const count = (messages: readonly Message[]) => Map.groupBy(messages, ({ receiver }) => receiver)
  const [was, is] = [count(before), count(after)]
  return [...new Set([...was.keys(), ...is.keys()])]
    .map(receiver => ({
      receiver,
      before: was.get(receiver)?.length ?? 0,
      after: is.get(receiver)?.length ?? 0
    }))
    .toSorted((a, b) => b.after + b.before - a.after - a.before || (a.receiver < b.receiver ? -1 : 1))
}

function comparedPages(before: Outcome, after: Outcome, { pairs, new: fresh }: Matched): Comparison['pages'] {
  const [was, is] = [pagesOf(before.messages), pagesOf(after.messages)]
  const of = (pages: ReadonlyMap<string, number>, { id }: StoredIncident) => pages.get(id) ?? 0
  const sum = (pages: ReadonlyMap<string, number>) => [...pages.values()].reduce((all, one) => all + one, 0)
  return {
    before: sum(was),
    after: sum(is),
    new:
      fresh.reduce((all, one) => all + of(is, one), 0) +
      pairs.reduce((all, pair) => all + Math.max(0, of(is, pair.after) - of(was, pair.before)), 0)
  }
}

/** How many pages each incident opened. */
export function pagesOf(messages: readonly Message[]): ReadonlyMap<string, number> {
  const opened = new Map<string, Set<string>>()
  for (const { incidentId, page } of messages) {
    if (page === null) continue
    const pages = opened.get(incidentId) ?? new Set()
    opened.set(incidentId, pages.add(page))
  }
  return new Map([...opened].map(([id, pages]) => [id, pages.size]))
}
