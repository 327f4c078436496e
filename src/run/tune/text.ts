import { Document } from 'yaml'
import type { Tuning } from '../../../detectors/kind.ts'
import type { Ladder } from '../../../detectors/types.ts'
import { dayMs } from '../../time/units.ts'
import type { Span } from '../backtest/outcome.ts'
import type { Setting, Tunable } from './settings.ts'

/** How many it would be in a week. */
export const weekly = (count: number, { fromMs, toMs }: Span): number =>
  (count * 7 * dayMs) / Math.max(1, toMs - fromMs)

/** A threshold as people read it: `50%`, `3`. */
export const thresholdText = (value: number, { unit }: Pick<Tuning, 'unit'>): string =>
  unit === 'share' ? `${Number((100 * value).toPrecision(6))}%` : `${value}`

/** As the configuration has it: a share as text, a number as one. */
const written = (value: number, tuning: Pick<Tuning, 'unit'>) =>
  tuning.unit === 'share' ? thresholdText(value, tuning) : value

interface Chosen extends Tunable {
  readonly setting: Setting
}

/** Settings as a part of the configuration; undefined where there is none. */
export function yamlOf(chosen: readonly Chosen[]): string | undefined {
  if (chosen.length === 0) return undefined
  const options = chosen.map(({ kind, tuning, setting }) => [kind, optionsOf(setting, tuning)] as const)
  return new Document({ detectors: Object.fromEntries(options) }).toString({ lineWidth: 110 })
}

const optionsOf = ({ value, raised }: Setting, tuning: Tuning) => ({
  [tuning.key]: written(value, tuning),
  ...(raised && { [raised.key]: writtenLadder(raised.ladder, tuning) })
})

const writtenLadder = (ladder: Ladder, tuning: Tuning) =>
  Object.fromEntries(ladder.map(({ severity, from }) => [severity, written(from, tuning)]))
