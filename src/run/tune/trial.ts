import { median } from 'simple-statistics'
import type { LabelVerdict } from '../../incident/label.ts'
import type { StoredIncident } from '../../incident/types.ts'
import { areOfOneTime, pagesOf } from '../backtest/compare.ts'
import type { Outcome } from '../backtest/outcome.ts'
import { type Drop, depths, foundAfterMs } from './drops.ts'
import type { Setting, Tunable } from './settings.ts'

/** An incident that the shop had, and what somebody said that it was. */
export interface Labelled {
  readonly incident: StoredIncident
  readonly verdict: LabelVerdict
}

/** Drops of one depth: how many there were, which were found, and how soon in the median. */
export interface DropsFound {
  readonly depth: number
  readonly drops: number
  readonly found: number
  /** Null where none was found. */
  readonly medianMs: number | null
}

/** An incident that would have opened at a setting. */
interface Opened extends Pick<StoredIncident, 'id' | 'severity' | 'openedAt' | 'resolvedAt'> {
  /** What people said of it, or of another incident at the same time. */
  readonly verdict: LabelVerdict | undefined
}

/** What a kind would have found and raised at one setting. */
export interface Trial extends Setting {
  readonly anomalies: number
  readonly incidents: number
  readonly pages: number
  /** Its incidents by what people said of them, or of another incident at the same time. */
  readonly labelled: Readonly<Record<LabelVerdict, number>>
  /** Real ones of this kind that it would not have raised. */
  readonly missed: number
  /** By depth, where it is to find drops. */
  readonly drops: readonly DropsFound[] | undefined
  /** Its incidents, in the order in which they open. */
  readonly opened: readonly Opened[]
}

export interface KindTrials extends Tunable {
  readonly trials: readonly Trial[]
  /** Undefined where none is better than the configured setting. */
  readonly suggested: Trial | undefined
}

export interface Played {
  readonly setting: Setting
  readonly plain: Outcome
  /** With the drops in its windows. */
  readonly lowered: Outcome | undefined
}

export function kindTrials(
  { kind, tuning }: Tunable,
  played: readonly Played[],
  drops: readonly Drop[],
  labels: readonly Labelled[]
): KindTrials {
  const trials = played.map(one => trialOf(kind, one, drops, labels))
  return { kind, tuning, trials, suggested: suggestedOf(trials) }
}

function trialOf(
  kind: string,
  { setting, plain, lowered }: Played,
  drops: readonly Drop[],
  labels: readonly Labelled[]
): Trial {
  const incidents = [...plain.incidents.values()].filter(incident => isOf(kind, incident))
  const pages = pagesOf(plain.messages)
  const opened = incidents
    .map(one => {
      const { id, severity, openedAt, resolvedAt } = one
      return { id, severity, openedAt, resolvedAt, verdict: verdictOf(kind, one, labels) }
    })
    .toSorted((a, b) => a.openedAt - b.openedAt)
  const count = (wanted: LabelVerdict) => opened.filter(({ verdict }) => verdict === wanted).length
  const found = [...plain.anomalies.values()].filter(one => one.kind === kind)
  return {
    ...setting,
    anomalies: found.length,
    incidents: incidents.length,
    pages: incidents.reduce((sum, { id }) => sum + (pages.get(id) ?? 0), 0),
    labelled: { real: count('real'), false: count('false'), expected: count('expected') },
    missed: labels.filter(
      ({ verdict, incident }) =>
        verdict === 'real' && isOf(kind, incident) && !incidents.some(one => areOfOneTime(one, incident))
    ).length,
    drops: lowered && dropsFound(kind, { plain, lowered }, drops),
    opened
  }
}

/** What is found in the past without the drops is none of theirs. */
function dropsFound(
  kind: string,
  { plain, lowered }: { readonly plain: Outcome; readonly lowered: Outcome },
  drops: readonly Drop[]
): readonly DropsFound[] {
  const ends = [...lowered.anomalies.values()]
    .filter(one => one.kind === kind && !plain.anomalies.has(one.id))
    .map(({ windowEnd }) => windowEnd)
    .toSorted((a, b) => a - b)
  return depths.map(depth => {
    const of = drops.filter(drop => drop.depth === depth)
    const delays = of.flatMap(drop => foundAfterMs(drop, ends) ?? [])
    return {
      depth,
      drops: of.length,
      found: delays.length,
      medianMs: delays.length === 0 ? null : median(delays)
    }
  })
}

const isOf = (kind: string, { alerts }: StoredIncident): boolean =>
  alerts.some(alert => alert.kind === kind && alert.segment === 'all')

/** That it was false was said of this kind; that something was real or expected, of the time. */
function verdictOf(
  kind: string,
  incident: StoredIncident,
  labels: readonly Labelled[]
): LabelVerdict | undefined {
  const near = labels.filter(one => areOfOneTime(one.incident, incident))
  const own = near.find(one => one.incident.id === incident.id) ?? near.find(one => isOf(kind, one.incident))
  return (own ?? near.find(({ verdict }) => verdict !== 'false'))?.verdict
}

/** Incidents that are not known to be real. */
const doubtful = ({ incidents, labelled }: Trial): number => incidents - labelled.real

const foundOf = ({ drops = [] }: Trial): number => drops.reduce((sum, { found }) => sum + found, 0)

/** Until the drops that were found were. */
const waitedMs = ({ drops = [] }: Trial): number =>
  drops.reduce((sum, { found, medianMs }) => sum + found * (medianMs ?? 0), 0)

/** Where no drop shows what a stricter setting misses, only what was labelled false is too much. */
const tooMuch = (one: Trial): number => (one.drops === undefined ? one.labelled.false : doubtful(one))

/** Less is better, in this order. */
const rankOf = (one: Trial) => [-foundOf(one), tooMuch(one), waitedMs(one)] as const

function compareRanks(one: Trial, other: Trial): number {
  const [a, b] = [rankOf(one), rankOf(other)]
  return a[0] - b[0] || a[1] - b[1] || a[2] - b[2]
}

/**
 * Of those that raise no more than the configured one beside what was real, and miss no more of that: the one that finds
 * most drops, then the one that raises least, then the one that finds them soonest.
 */
export function suggestedOf(trials: readonly Trial[]): Trial | undefined {
  const now = trials.find(({ isConfigured }) => isConfigured)
  if (now === undefined) return undefined
  const [best] = trials
    .filter(
      one =>
        doubtful(one) <= doubtful(now) &&
        one.pages <= now.pages + one.labelled.real &&
        one.missed <= now.missed
    )
    .toSorted(compareRanks)
  return best && compareRanks(best, now) < 0 ? best : undefined
}
