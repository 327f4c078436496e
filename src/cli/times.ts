import { counted } from '../time/texts.ts'

/** How many there are for all reasons together, and for each. */
export const reasonCounts = (dead: ReadonlyMap<string, number>) => ({
  count: [...dead.values()].reduce((sum, one) => sum + one, 0),
  reasons: [...dead].map(([reason, count]) => `${reason} ${count.toLocaleString('en')}`).join(', ')
})

/** Records that are right and no event: nobody has to act. */
export function skippedText(skipped: ReadonlyMap<string, number>): string {
  const { count, reasons } = reasonCounts(skipped)
  return `${counted(count, 'record')} left out: ${reasons}`
}
