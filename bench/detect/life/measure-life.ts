import { funnelLines } from '../shops/funnel.ts'
import { falseIncidents } from '../shops/outcome.ts'
import { play } from '../shops/play.ts'
import { funnelTimezone } from '../shops/streams.ts'
import { lifeStartMs, scenarios } from './scenarios.ts'
import type { LifeOutcome } from './sheet.ts'

export interface MeasuredLife {
  readonly scenario: string
  readonly seed: number
  readonly visitsPerMinute: number
}

/** Plays a scenario, in which every incident is a false one. Throws for a scenario of another name. */
export async function measureLife({ scenario, ...shop }: MeasuredLife): Promise<LifeOutcome> {
  const known = scenarios[scenario]
  if (known === undefined) throw new Error(`no scenario ${scenario}`)
  const own = { ...shop, ...known, startMs: lifeStartMs, timezone: funnelTimezone, faults: [] }
  const { incidents } = await play(
    funnelLines(own, () => {}),
    funnelTimezone
  )
  return { scenario, weeks: known.days / 7, incidents: falseIncidents(incidents, [], funnelTimezone) }
}
