import type { Detection, Warmup } from '../../../detectors/types.ts'
import type { Loaded } from '../../config/load.ts'
import type { Config } from '../../config/schema.ts'
import { createDecisions, type Decision } from '../../decide/decision.ts'
import type { IsExpected } from '../../decide/expected-spans.ts'
import type { CurrencyChoice } from '../../decode/currency/ballot.ts'
import { type LayoutName, layouts } from '../../decode/layouts/catalogue.ts'
import type { StreamProblem } from '../../decode/stream/problems.ts'
import type { OperatorAction } from '../../incident/types.ts'
import { openStore } from '../../store/open.ts'
import type { Store } from '../../store/types.ts'
import type { Clock } from '../../telemetry/clock.ts'
import type { Logger } from '../../telemetry/types.ts'
import type { Feed } from '../../web/events/feed.ts'
import { createHeldLines, learnedOf, recallCurrency } from '../held-lines.ts'
import { createReplay, type Replay } from '../replay.ts'
import { withChangesTold } from './changes-told.ts'
import { buildReplaySink, type ReplaySink } from './replay-sink.ts'
import { buildStages } from './stages.ts'

/** A replay knows nothing of earlier runs. */
const noMemory = { incidents: async () => [], notifications: async () => [], actions: async () => [] }
export interface ReplayRun extends Pick<ReplaySink, 'ready' | 'unsent' | 'close'> {
  readonly replay: Replay
  readonly sizeMs: number
  /** How far each kind's baseline has come: what lacks history was not judged. */
  warmup(): readonly Warmup[]
  /** What is wrong with the events of the whole file. */
  problems(): readonly StreamProblem[]
  /** What the first purchases said of the currency; undefined where it was known. */
  currency(): CurrencyChoice | undefined
}

/** A replay that a page can show while it is under way. */
export interface ShownReplay extends ReplayRun, Pick<ReplaySink, 'settled' | 'receiver'> {
  /** The shop's, as it is known now. */
  currencyCode(): string
  /** Applies what a person did, as of the event time that is reached. */
  act(action: OperatorAction): void
  /** The event time by which the newest window was decided; undefined before. */
  reached(): number | undefined
  /** Undefined where nothing is kept. */
  readonly store: Store | undefined
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
  /** Told of what is kept. */
  readonly feed?: Feed
  /** Spans that nothing is learned from. */
  readonly isExpected?: IsExpected
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
  feed,
  isExpected,
  onDecision
}: ReplayParts): Promise<ShownReplay> {
  const { hash } = loaded
  const config = withLayout(loaded.config, layout)
  const { shop, decode, undecided, file, windows, evaluate, newDetection, newIncidents } = buildStages(
    config,
    log
  )
  const opened =
    folder === undefined ? undefined : await openStore({ folder, timeoutMs: config.store.timeoutMs })
  const store = opened && feed ? withChangesTold(opened, feed) : opened
  await store?.migrate()
  await recallCurrency(shop, store, config.pipeline)
  const parts = { config, currency: shop.code, clock, log, store, send }
  const { take: keep, close, ...sink } = buildReplaySink(parts)
  const decisions = createDecisions({
    pipeline: config.pipeline,
    configHash: hash,
    incidents: newIncidents(noMemory),
    detectedBefore: new Map()
  })

  // Made for the first window, when the currency is known.
  let made: Detection | undefined
  const detection = (): Detection => {
    made ??= newDetection({ bands: store !== undefined, ...(isExpected && { isExpected }) })
    return made
  }

  function take(decision: Decision): void {
    onDecision(decision)
    keep(decision)
  }

  let reachedMs: number | undefined

  const replay = createReplay({
    windows,
    decode,
    onRejected: () => file.reject(null),
    onRepeated: file.repeat,
    onWindow(window) {
      reachedMs = window.end + windows.graceMs
      take(decisions.ofWindow(detection(), evaluate(window), reachedMs))
    }
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
    currencyCode: shop.code,
    act: action => take(decisions.ofActions([action], action.at)),
    reached: () => reachedMs,
    store,
    ...sink,
    async close() {
      const choice = held.choice()
      try {
        if (choice !== undefined)
          await store?.insertLearnedCurrency(config.pipeline, learnedOf(choice, clock.now()))
      } finally {
        await close()
      }
    }
  }
}

/** A layout given by name replaces the one of `events:`. */
const withLayout = (config: Config, name: LayoutName | undefined): Config =>
  name === undefined ? config : { ...config, events: { ...config.events, layout: layouts[name] } }
