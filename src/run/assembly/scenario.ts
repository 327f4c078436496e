import { setImmediate as turn } from 'node:timers/promises'
import type { Layout } from '../../../producer/layouts/layout.ts'
import type { Loaded } from '../../config/load.ts'
import type { LayoutName } from '../../decode/layouts/catalogue.ts'
import type { FileSource } from '../../source/file.ts'
import type { Clock } from '../../telemetry/clock.ts'
import type { Logger } from '../../telemetry/types.ts'
import { createOutcome, type Outcome } from '../backtest/outcome.ts'
import { buildReplay } from './replay.ts'

export interface Line {
  readonly line: string
  readonly eventTime: number
}

/** The events of a scenario: as a producer makes them, or of a file. */
type ScenarioEvents =
  | { readonly kind: 'generated'; readonly lines: Iterable<Line>; readonly layout: Layout }
  | { readonly kind: 'file'; readonly file: FileSource; readonly layout: LayoutName | undefined }

export interface PlayParts {
  readonly loaded: Loaded
  readonly events: ScenarioEvents
  readonly clock: Clock
  readonly log: Logger
  /** Gets the event time that is reached, of generated events. */
  readonly onTime: (eventTime: number) => void
}

export interface Played extends Outcome {
  readonly events: number
  readonly windows: number
}

const linesPerTurn = 5_000

/** Runs events through the whole pipeline in memory: nobody is told, nothing is kept. Rejects with the file's error. */
export async function playScenario({ loaded, events, clock, log, onTime }: PlayParts): Promise<Played> {
  const outcome = createOutcome({ fromMs: Number.NEGATIVE_INFINITY, toMs: Number.POSITIVE_INFINITY })
  const { layout } = events
  const { replay, ready, close } = await buildReplay({
    ...{ loaded, layout, clock, log, folder: undefined, send: false },
    onDecision: outcome.add
  })
  if (events.kind === 'file') await events.file.read(replay.take, ready)
  else {
    let number = 0
    for (const { line, eventTime } of events.lines) {
      replay.take(line, ++number)
      if (number % linesPerTurn > 0) continue
      onTime(eventTime)
      await turn()
    }
  }
  replay.end()
  await close()
  const { events: read, windows } = replay.counts()
  return { ...outcome.outcome(), events: read, windows }
}
