import { labelsOf } from '../../producer/plan.ts'
import type { Clock } from '../telemetry/clock.ts'
import type { Logger } from '../telemetry/types.ts'
import { minuteMs } from '../time/units.ts'
import { leftIn, playFast } from './paced.ts'
import { countPerCause, perCauseLine } from './per-cause.ts'
import { fixedPlan } from './stream.ts'
import { delayText, plainTable, scoreRows } from './tables.ts'

export interface SeedsOptions {
  readonly seeds: readonly number[]
  readonly folder: string
  readonly clock: Clock
  readonly log: Logger
  readonly onSeed: (done: number) => void
}

/** Plays many seeds without pacing; gives a table of found and missed incidents and false alarms. */
export async function playSeeds({ seeds, folder, clock, log, onSeed }: SeedsOptions): Promise<string> {
  for (const [index, seed] of seeds.entries()) {
    await playFast(fixedPlan(seed), `demo-${seed}`, folder, clock, log)
    onSeed(index + 1)
  }
  const left = await leftIn(folder)
  const scores = seeds.map(seed => {
    const { rows, incidents, notifications } = left(`demo-${seed}`)
    const labels = labelsOf(fixedPlan(seed))
    return { seed, score: scoreRows(rows, labels), causes: countPerCause(labels, incidents, notifications) }
  })
  const table = plainTable(['seed', 'found', 'missed', 'false alarms', 'median delay', 'which'], 130)
  for (const { seed, score } of scores) {
    const missed = score.incidents.filter(one => one.foundBy === undefined)
    const delays = score.incidents.flatMap(({ delayMs }) => delayMs ?? []).sort((a, b) => a - b)
    const which = [
      ...missed.map(({ label }) => `missed ${label.kind}`),
      ...score.falseAlarms.map(({ kind }) => `false ${kind}`)
    ]
    const median = delays[Math.floor(delays.length / 2)]
    table.push([
      seed,
      score.incidents.length - missed.length,
      missed.length,
      score.falseAlarms.length,
      median === undefined ? '' : delayText(median),
      which.join(', ')
    ])
  }
  const incidents = scores.flatMap(({ score }) => score.incidents)
  const found = incidents.filter(({ foundBy }) => foundBy !== undefined)
  const alarms = scores.reduce((sum, { score }) => sum + score.falseAlarms.length, 0)
  const total = incidents.filter(({ label }) => label.kind === 'payment_outage' && label.depth >= 0.95)
  const inTime = total.filter(
    ({ label, delayMs }) =>
      delayMs !== undefined && label.startMs + delayMs <= secondWholeWindow(label.startMs)
  )
  return (
    `${table.toString()}\n${found.length} of ${incidents.length} incidents found, ${incidents.length - found.length} missed, ${alarms} false alarms\n` +
    `payment outages at least 95 % deep, found by the second whole window: ${inTime.length} of ${total.length}\n` +
    `${perCauseLine(scores.flatMap(({ causes }) => causes))}\n`
  )
}

const secondWholeWindow = (startMs: number) => Math.ceil(startMs / minuteMs) * minuteMs + 2 * minuteMs
