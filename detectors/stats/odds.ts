/** How many of so many show something, and how many of them were expected to. */
export interface Shares {
  readonly observed: number
  readonly expected: number
  readonly exposure: number
}

/** Keeps the odds finite where all show it. */
const leastRest = 0.5

/** How many times as great the odds of it are as expected. */
export const oddsRatio = ({ observed, expected, exposure }: Shares): number =>
  (observed / expected) * ((exposure - expected) / Math.max(leastRest, exposure - observed))
