import type { Detection, Warmup } from '../../../detectors/types.ts'
import type { Loaded } from '../../config/load.ts'
import type { Config } from '../../config/schema.ts'
import { createDecisions, type Decision } from '../../decide/decision.ts'
import type { CurrencyChoice } from '../../decode/currency/ballot.ts'
import { type LayoutName, layouts } from '../../decode/layouts/catalogue.ts'
import type { StreamProblem } from '../../decode/stream/problems.ts'
import { openStore } from '../../store/open.ts'
import type { Clock } from '../../telemetry/clock.ts'
import type { Logger } from '../../telemetry/types.ts'
import { createHeldLines, learnedOf, recallCurrency } from '../held-lines.ts'
import { createReplay, type Replay } from '../replay.ts'
import { buildReplaySink, type ReplaySink } from './replay-sink.ts'
import { buildStages } from './stages.ts'

/** A replay knows nothing of earlier runs. */
const noMemory = { incidents: async () => [], notifications: async () => [], actions: async () => [] }
export interface ReplayRun extends Omit<ReplaySink, 'take'> {
  readonly replay: Replay
  readonly sizeMs: number
  /** How far each kind's baseline has come: what lacks history was not judged. */
  warmup(): readonly Warmup[]
  /** What is wrong with the events of the whole file. */
  problems(): readonly StreamProblem[]
  /** What the first purchases said of the currency; undefined where it was known. */
  currency(): CurrencyChoice | undefined
}

export interface ReplayParts {
  readonly loaded: Loaded
  /** How the events are written; undefined: as `events:` has it. */
  readonly layout?: LayoutName | undefined
  readonly clock: Clock
  readonly log: Logger
  /** A folder for windows and anomalies; undefined keeps nothing. */
  readonly folder: string | undefined
  readonly send: boolean
  readonly onDecision: (decision: Decision) => void
}

/** Puts a replay together: the stages of the configuration, and what is kept and sent of it. */
export async function buildReplay({
  loaded,
  layout,
  clock,
  log,
  folder,
  send,
  onDecision
}: ReplayParts): Promise<ReplayRun> {
  const { hash } = loaded
  const config = withLayout(loaded.config, layout)
  const { shop, decode, undecided, file, windows, evaluate, newDetection, newIncidents } = buildStages(
    config,
    log
  )
  const store =
    folder === undefined ? undefined : await openStore({ folder, timeoutMs: config.store.timeoutMs })
  await store?.migrate()
  await recallCurrency(shop, store, config.pipeline)
  const sink = buildReplaySink({ config, currency: shop.code, clock, log, store, send })
  const decisions = createDecisions({
    pipeline: config.pipeline,
    configHash: hash,
    incidents: newIncidents(noMemory),
    detectedBefore: new Map()
  })

  // Made for the first window, when the currency is known.
  let made: Detection | undefined
  const detection = (): Detection => {
    made ??= newDetection({ bands: store !== undefined })
    return made
  }

  function take(decision: Decision): void {
    onDecision(decision)
    sink.take(decision)
  }

  const replay = createReplay({
    windows,
    decode,
    onRejected: () => file.reject(null),
    onRepeated: file.repeat,
    onWindow: window => take(decisions.ofWindow(detection(), evaluate(window), window.end + windows.graceMs))
  })
  const held = createHeldLines({ shop, undecided: undecided(undefined), take: replay.take })

  return {
    replay: {
      ...replay,
      take: held.take,
      end() {
        held.end()
        replay.end()
      }
    },
    sizeMs: windows.sizeMs,
    warmup: () => detection().warmup(),
    problems: () => file.health('all').problems,
    currency: held.choice,
    ready: sink.ready,
    unsent: sink.unsent,
    async close() {
      const choice = held.choice()
      try {
        if (choice !== undefined)
          await store?.insertLearnedCurrency(config.pipeline, learnedOf(choice, clock.now()))
      } finally {
        await sink.close()
      }
    }
  }
}

/** A layout given by name replaces the one of `events:`. */
const withLayout = (config: Config, name: LayoutName | undefined): Config =>
  name === undefined ? config : { ...config, events: { ...config.events, layout: layouts[name] } }
