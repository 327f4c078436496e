import type { EarlierFindings, Found } from './detector.ts'

/** Nothing was found before. */
export const noFindings: EarlierFindings = { found: () => false, rose: () => false }

/** Remembers in which window a metric was found last. */
export function createFindingMemory() {
  const found = new Map<string, number>()
  const rose = new Map<string, number>()
  const within = (last: ReadonlyMap<string, number>, window: number) => (metric: string, windows: number) =>
    window - (last.get(metric) ?? Number.NEGATIVE_INFINITY) < windows

  return {
    asOf: (window: number): EarlierFindings => ({
      found: within(found, window),
      rose: within(rose, window)
    }),
    add({ metric, value, expected }: Found, window: number): void {
      found.set(metric, window)
      if (value > expected) rose.set(metric, window)
    }
  }
}
