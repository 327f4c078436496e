import { setImmediate as turn } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import type { Detection, Verdict } from '../../detectors/types.ts'
import type { Incidents, IncidentsSettings, Restored } from '../incident/incidents.ts'
import type { OperatorAction } from '../incident/types.ts'
import type { WindowMetrics } from '../metrics/types.ts'
import type { StallVerdicts } from '../selfcheck/stall-findings.ts'
import type { OutageVerdicts } from '../selfcheck/store-outage.ts'
import { StoreError } from '../store/errors.ts'
import { reasonOf, type StoreFault } from '../store/reasons.ts'
import type { Store } from '../store/types.ts'
import type { Clock } from '../telemetry/clock.ts'
import { messageOf } from '../telemetry/message.ts'
import type { Logger } from '../telemetry/types.ts'
import { dayMs } from '../time/units.ts'
import { compress } from './compressed.ts'
import { createDecisions, type Decision, type Decisions } from './decision.ts'
import { createRecentValues } from './recent-values.ts'
import { warmUp } from './warm-up.ts'

/** How far back incidents, notifications and detections are read. */
const memoryMs = 2 * dayMs
const retryMs = 1_000

/** What an edit of the configuration can change while the line runs. */
export interface ReloadableSettings {
  readonly configHash: string
  /** The detectors' part of the configuration: where it changes, the past is learnt anew. */
  readonly detectors: unknown
  readonly newDetection: () => Detection
  readonly alerts: IncidentsSettings
  readonly stallVerdicts: StallVerdicts
  readonly outageVerdicts: OutageVerdicts
}

export interface DeciderOptions {
  readonly pipeline: string
  readonly settings: ReloadableSettings
  readonly alerting: Incidents
  readonly store: Pick<Store, 'windows' | 'detections'>
  /** How much of the past is learnt before the first window is judged. */
  readonly historyMs: number
  /** Resolves true once all that was decided is stored. */
  readonly allStored: () => Promise<boolean>
  readonly onDecision: (judgement: Decision) => void
  readonly clock: Clock
  readonly log: Logger
}

/** Judges closed windows in their order, each once, behind what is stored of the past. */
export interface Decider {
  /** Reads what was decided and done before. Rejects with the store's error. */
  restore(): Promise<Restored>
  push(windows: readonly WindowMetrics[]): void
  /** Takes over a verdict on the line itself. */
  verdict(verdict: Verdict): void
  caughtUp(): void
  /** What the wall clock alone makes due. */
  tick(): void
  /** Takes over what people did. */
  act(actions: readonly OperatorAction[]): void
  /** Forgets windows and what was learnt: the work is not ours any more. */
  forget(): void
  /** Judges by these rules from the next window on. */
  reconfigure(settings: ReloadableSettings): void
  settings(): ReloadableSettings
  detection(): Detection | undefined
  waiting(): number
  /** Why the past cannot be read, so that nothing is judged; undefined while it can. */
  failure(): StoreFault | undefined
}

interface Waiting {
  readonly start: number
  /** Packed where the past cannot be read. */
  readonly window: () => WindowMetrics
}

export function createDecider(options: DeciderOptions): Decider {
  const { pipeline, alerting, store, historyMs, allStored: stored, onDecision: put, clock, log } = options
  let rules = options.settings
  const recent = createRecentValues()
  let detectedBefore: ReadonlyMap<string, number> = new Map()
  let judge = newJudge()
  let detection: Detection | undefined
  let queue: Waiting[] = []
  let working = false
  let failure: StoreFault | undefined
  // What the edited detectors replace judges until they have learnt: without the store, alerts go on.
  let isEdited = false
  // Raised by a hand-over and by new detectors: what was begun to be learnt before is void.
  let learning = 0

  function newJudge(): Decisions {
    return createDecisions({ pipeline, configHash: rules.configHash, alerting, detectedBefore, recent })
  }

  async function restore(): Promise<Restored> {
    // What this instance itself decided meanwhile must be there to be read back.
    if (!(await stored())) throw notStored('decided')
    const now = clock.now()
    const restored = await alerting.restore(now - memoryMs, now)
    detectedBefore = await store.detections(pipeline, now - memoryMs)
    judge = newJudge()
    return restored
  }

  async function work(): Promise<void> {
    if (working) return
    working = true
    while (queue.length > 0) {
      const own = learning
      const first = queue[0]
      if (first === undefined) break
      const learnt = isEdited || detection === undefined ? await learn(first.start, own) : detection
      if (own !== learning) continue
      if (learnt !== undefined) {
        detection = learnt
        isEdited = false
      }
      if (detection === undefined) continue
      queue.shift()
      put(judge.ofWindow(detection, first.window(), clock.now()))
      if (queue.length > 0) await turn()
    }
    working = false
  }

  /** Without the past there is nothing to judge by; undefined where it cannot be read now. */
  async function learn(untilMs: number, own: number): Promise<Detection | undefined> {
    try {
      // A window that was judged and is not stored yet would be missing from the past.
      if (!(await stored())) throw notStored('judged')
      const fresh = rules.newDetection()
      recent.clear()
      const learner = {
        learn(window: WindowMetrics) {
          fresh.learn(window)
          recent.push(window)
        }
      }
      const windows = await warmUp(store, pipeline, learner, untilMs - historyMs, untilMs)
      log.info({ windows }, 'learnt from stored windows')
      failure = undefined
      return fresh
    } catch (error) {
      if (own !== learning) return undefined
      const said = messageOf(error)
      if (detection !== undefined) {
        log.warn({ error: said }, 'edited detectors cannot read the past: those before them judge')
        return undefined
      }
      if (failure?.error !== said)
        log.error({ error: said }, 'the past cannot be read from the store: nothing is judged yet')
      failure = { reason: reasonOf(error), error: said, since: failure?.since ?? clock.now() }
      await clock.sleep(retryMs)
      return undefined
    }
  }

  /** Between windows there is mostly nothing. */
  function putNews(judgement: Decision): void {
    if (judgement.incidents.length + judgement.notifications.length > 0) put(judgement)
  }

  return {
    restore,
    push(windows) {
      const isBlind = failure !== undefined
      for (const window of windows)
        queue.push({ start: window.start, window: isBlind ? compress(window) : () => window })
      void work()
    },
    verdict: verdict => put(judge.ofVerdict(verdict, clock.now())),
    caughtUp: () => put(judge.ofCatchUp(clock.now())),
    tick: () => putNews(judge.ofTick(clock.now())),
    act: actions => putNews(judge.ofActions(actions, clock.now())),
    forget() {
      learning++
      queue = []
      detection = undefined
      isEdited = false
      failure = undefined
    },
    reconfigure(next) {
      const relearn = !isDeepStrictEqual(next.detectors, rules.detectors)
      rules = next
      alerting.reconfigure(next.alerts)
      judge = newJudge()
      if (!relearn) return
      learning++
      isEdited = true
    },
    settings: () => rules,
    detection: () => detection,
    waiting: () => queue.length,
    failure: () => failure
  }
}

const notStored = (what: string) =>
  new StoreError('TIMEOUT', `what was ${what} is not stored yet`, { retryable: true })
