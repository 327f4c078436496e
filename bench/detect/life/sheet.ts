import type { Sheet } from '../../sheet.ts'
import type { FalseIncident } from '../shops/outcome.ts'

/** What a scenario raised in so many weeks of one shop or several. */
export interface LifeOutcome {
  readonly scenario: string
  readonly weeks: number
  readonly incidents: readonly FalseIncident[]
}

/** A row for each scenario: its incidents a week, and the kinds of those above low. */
export function lifeSheet(outcomes: readonly LifeOutcome[]): Sheet {
  return {
    head: ['scenario', 'above low a week', 'low a week', 'kinds above low'],
    rows: [...Map.groupBy(outcomes, ({ scenario }) => scenario)].map(([scenario, own]) => {
      const weeks = own.reduce((sum, one) => sum + one.weeks, 0)
      const incidents = own.flatMap(one => one.incidents)
      const above = incidents.filter(({ isAboveLow }) => isAboveLow)
      const kinds = [...Map.groupBy(above, ({ kind }) => kind)].sort(([, a], [, b]) => b.length - a.length)
      return [
        scenario,
        (above.length / weeks).toFixed(2),
        ((incidents.length - above.length) / weeks).toFixed(2),
        kinds.map(([kind, { length }]) => `\`${kind}\` ${length}`).join(', ')
      ]
    })
  }
}
