import type { MetricDefinition } from '../../src/metrics/types.ts'
import type { Learner } from '../baseline/series.ts'
import { createRarity, type Nature, type Rarity } from './rarity.ts'

/** A metric that is watched by how rare its values are. */
export interface WatchedSeries extends Learner, Pick<Rarity, 'probability' | 'span' | 'value' | 'expected'> {
  trainedWindows(): number
}

/**
 * What is rare moves it little by itself, so that windows of findings need not be kept from it. A window without a value
 * says nothing.
 */
export function createWatchedSeries(
  windowMs: number,
  definition: MetricDefinition | undefined
): WatchedSeries {
  const rarity = createRarity({ windowMs, nature: natureOf(definition) })
  let isThere = false
  return {
    enter({ window, localMs }, reading) {
      isThere = reading !== undefined && reading.exposure > 0
      if (reading && isThere) {
        rarity.take(window, localMs, reading.count / reading.exposure, reading.exposure)
      }
    },
    train() {},
    forget() {},
    settle() {},
    remember() {},
    probability: widened => (isThere ? rarity.probability(widened) : 1),
    span: rarity.span,
    value: rarity.value,
    expected: rarity.expected,
    trainedWindows: rarity.taken
  }
}

function natureOf(definition: MetricDefinition | undefined): Nature {
  if (definition === undefined) return 'unknown'
  if (definition.kind === 'count' || definition.kind === 'distinct') return 'count'
  return definition.kind === 'ratio' && (definition.ofCounts ?? definition.unit === 'share')
    ? 'share'
    : 'number'
}
