import { setImmediate as turn } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import type { Alerting, AlertingSettings } from '../alert/alerting.ts'
import type { NotificationRecord } from '../alert/types.ts'
import type { Detection, Verdict } from '../detect/types.ts'
import type { WindowMetrics } from '../metrics/types.ts'
import type { Store } from '../store/types.ts'
import type { Clock } from '../telemetry/clock.ts'
import { messageOf } from '../telemetry/message.ts'
import type { Logger } from '../telemetry/types.ts'
import { learnHistory } from './history.ts'
import { createJudge, type Judge, type Judgement } from './judge.ts'
import type { StallVerdicts } from './stalls.ts'

/** How far back incidents, notifications and detections are read. */
const memoryMs = 2 * 86_400_000
const retryMs = 1_000

/** What an edit of the configuration can change while the line runs. */
export interface Rules {
  readonly configHash: string
  /** The detectors' part of the configuration: where it changes, the past is learnt anew. */
  readonly detectors: unknown
  readonly newDetection: () => Detection
  readonly alerts: AlertingSettings
  readonly stallVerdicts: StallVerdicts
}

export interface JudgingOptions {
  readonly pipeline: string
  readonly rules: Rules
  readonly alerting: Alerting
  readonly store: Pick<Store, 'windows' | 'detections'>
  /** How much of the past is learnt before the first window is judged. */
  readonly historyMs: number
  /** Resolves true once all that was decided is stored. */
  readonly stored: () => Promise<boolean>
  readonly put: (judgement: Judgement) => void
  readonly clock: Clock
  readonly log: Logger
}

/** Judges closed windows in their order, each once, behind what is stored of the past. */
export interface Judging {
  /** Reads what was decided before; gives the notifications that are still to be sent. Rejects with the store's error. */
  restore(): Promise<readonly NotificationRecord[]>
  push(windows: readonly WindowMetrics[]): void
  /** Takes over a verdict on the line itself. */
  verdict(verdict: Verdict): void
  caughtUp(): void
  /** Forgets windows and what was learnt: the work is not ours any more. */
  forget(): void
  /** Judges by these rules from the next window on. */
  reconfigure(rules: Rules): void
  rules(): Rules
  detection(): Detection | undefined
  waiting(): number
  /** Since when the past cannot be read, so that nothing is judged; undefined while it can. */
  blindSince(): number | undefined
  /** Why it cannot be read. */
  failure(): string | undefined
}

export function createJudging(options: JudgingOptions): Judging {
  const { pipeline, alerting, store, historyMs, stored, put, clock, log } = options
  let rules = options.rules
  let detectedBefore: ReadonlyMap<string, number> = new Map()
  let judge = newJudge()
  let detection: Detection | undefined
  let queue: WindowMetrics[] = []
  let working = false
  let blindSince: number | undefined
  let failure: string | undefined
  // What the edited detectors replace judges until they have learnt: without the store, alerts go on.
  let isEdited = false
  // Raised by a hand-over and by new detectors: what was begun to be learnt before is void.
  let learning = 0

  function newJudge(): Judge {
    return createJudge({ pipeline, configHash: rules.configHash, alerting, detectedBefore })
  }

  async function restore(): Promise<readonly NotificationRecord[]> {
    // What this instance itself decided meanwhile must be there to be read back.
    if (!(await stored())) throw new Error('what was decided is not stored yet')
    const now = clock.now()
    const pending = await alerting.restore(now - memoryMs, now)
    detectedBefore = await store.detections(pipeline, now - memoryMs)
    judge = newJudge()
    return pending
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
      put(judge.window(detection, first, clock.now()))
      if (queue.length > 0) await turn()
    }
    working = false
  }

  /** Without the past there is nothing to judge by; undefined where it cannot be read now. */
  async function learn(untilMs: number, own: number): Promise<Detection | undefined> {
    try {
      // A window that was judged and is not stored yet would be missing from the past.
      if (!(await stored())) throw new Error('what was judged is not stored yet')
      const fresh = rules.newDetection()
      const windows = await learnHistory(store, pipeline, fresh, untilMs - historyMs, untilMs)
      log.info({ windows }, 'learnt from stored windows')
      blindSince = undefined
      failure = undefined
      return fresh
    } catch (error) {
      if (own !== learning) return undefined
      const reason = messageOf(error)
      if (detection !== undefined) {
        log.warn({ error: reason }, 'edited detectors cannot read the past: those before them judge')
        return undefined
      }
      if (failure !== reason)
        log.error({ error: reason }, 'the past cannot be read from the store: nothing is judged yet')
      blindSince ??= clock.now()
      failure = reason
      await clock.sleep(retryMs)
      return undefined
    }
  }

  return {
    restore,
    push(windows) {
      queue.push(...windows)
      void work()
    },
    verdict: verdict => put(judge.verdict(verdict, clock.now())),
    caughtUp: () => put(judge.caughtUp(clock.now())),
    forget() {
      learning++
      queue = []
      detection = undefined
      isEdited = false
      blindSince = undefined
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
    rules: () => rules,
    detection: () => detection,
    waiting: () => queue.length,
    blindSince: () => blindSince,
    failure: () => failure
  }
}
