import type { Sheet } from '../../sheet.ts'
import { drops } from './faults.ts'
import { outcomeOf, type StreamOutcome } from './outcome.ts'
import { play } from './play.ts'
import { falseSheet, faultSheet, shopSheet } from './sheets.ts'
import { type StreamName, type StreamOptions, streams } from './streams.ts'

export interface MeasuredShop extends StreamOptions {
  readonly generator: StreamName
}

export async function measureShop({ generator, ...options }: MeasuredShop): Promise<StreamOutcome> {
  const stream = streams[generator](options)
  return outcomeOf(stream, await play(stream.lines, stream.timezone))
}

/** The tables by the names of their places in the page. */
export function shopTables(
  shops: readonly (readonly [shop: MeasuredShop, outcome: StreamOutcome])[]
): Readonly<Record<string, Sheet>> {
  const outcomes = shops.map(([, outcome]) => outcome)
  const isDrop = (name: string) => Object.hasOwn(drops, name)
  return {
    shops: shopSheet(
      shops.map(([{ generator, visitsPerMinute, seed }, outcome]) => [
        `${generator}, ${visitsPerMinute} visits a minute, seed ${seed}`,
        withoutDrops(outcome)
      ])
    ),
    faults: faultSheet(outcomes, name => !isDrop(name)),
    sensitivity: faultSheet(outcomes, isDrop),
    'false-incidents': falseSheet(outcomes)
  }

  function withoutDrops(outcome: StreamOutcome): StreamOutcome {
    return { ...outcome, faults: outcome.faults.filter(({ name }) => !isDrop(name)) }
  }
}
