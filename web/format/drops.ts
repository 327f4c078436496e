import type { TuneSetting } from '../../src/web/api/tune.ts'

type Drops = NonNullable<TuneSetting['drops']>

/** Depths that are shown together, as shares. */
export const depthGroups = [
  { name: '10–30 %', from: 0.05, below: 0.35 },
  { name: '40–60 %', from: 0.35, below: 0.65 },
  { name: '70–90 %', from: 0.65, below: 0.95 },
  { name: 'all', from: 0, below: 1 }
] as const
export type DepthGroup = (typeof depthGroups)[number]

export interface FoundDrops {
  readonly found: number
  readonly of: number
  /** Until the half of those that were found were; null where none was. */
  readonly minutes: number | null
}

/** How many drops of some depths were found, and how soon. */
export function foundDrops(drops: Drops, { from, below }: Pick<DepthGroup, 'from' | 'below'>): FoundDrops {
  const meant = drops.filter(({ depth }) => depth >= from && depth < below)
  const sum = (part: (one: Drops[number]) => number) => meant.reduce((all, one) => all + part(one), 0)
  // Each depth weighs as much as it was found.
  const delays = meant
    .flatMap(({ found, median_ms: medianMs }) => Array<number>(found).fill(medianMs ?? 0))
    .toSorted((a, b) => a - b)
  return { found: sum(one => one.found), of: sum(one => one.drops), minutes: middleOf(delays) }
}

function middleOf(delays: readonly number[]): number | null {
  const half = delays.length / 2
  const [one, other] = [delays[Math.ceil(half) - 1], delays[Math.floor(half)]]
  return one === undefined || other === undefined ? null : (one + other) / 2 / 60_000
}
