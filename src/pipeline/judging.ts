import { setImmediate as turn } from 'node:timers/promises'
import type { Alerting } from '../alert/alerting.ts'
import type { NotificationRecord } from '../alert/types.ts'
import type { Detection, Verdict } from '../detect/types.ts'
import type { WindowMetrics } from '../metrics/types.ts'
import type { Store } from '../store/types.ts'
import type { Clock } from '../telemetry/clock.ts'
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
  readonly newDetection: () => Detection
  readonly alerting: Alerting
  readonly stallVerdicts: StallVerdicts
}

export interface JudgingOptions {
  readonly pipeline: string
  readonly rules: Rules
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
  /** Judges by these rules from the next window on, after they have learnt what is stored. */
  reconfigure(rules: Rules): void
  rules(): Rules
  detection(): Detection | undefined
  waiting(): number
  /** Since when the past cannot be read; undefined while it can. */
  blindSince(): number | undefined
}

export function createJudging(options: JudgingOptions): Judging {
  const { pipeline, store, historyMs, stored, put, clock, log } = options
  let rules = options.rules
  let nextRules: Rules | undefined
  let detectedBefore: ReadonlyMap<string, number> = new Map()
  let judge = newJudge()
  let detection: Detection | undefined
  let queue: WindowMetrics[] = []
  let working = false
  let blindSince: number | undefined
  // A hand-over: what awaits with an older number sees that it is void.
  let handOver = 0

  function newJudge(): Judge {
    const { configHash, alerting } = rules
    return createJudge({ pipeline, configHash, alerting, detectedBefore })
  }

  async function restore(): Promise<readonly NotificationRecord[]> {
    // What this instance itself decided meanwhile must be there to be read back.
    if (!(await stored())) throw new Error('what was decided is not stored yet')
    const now = clock.now()
    const pending = await rules.alerting.restore(now - memoryMs, now)
    detectedBefore = await store.detections(pipeline, now - memoryMs)
    judge = newJudge()
    return pending
  }

  async function work(): Promise<void> {
    if (working) return
    working = true
    while (queue.length > 0) {
      const own = handOver
      if (nextRules !== undefined && !(await takeOver(nextRules))) {
        await clock.sleep(retryMs)
        continue
      }
      const first = queue[0]
      if (first === undefined) break
      const learnt = detection ?? (await learn(first.start))
      if (own !== handOver || learnt === undefined) continue
      detection = learnt
      queue.shift()
      put(judge.window(learnt, first, clock.now()))
      if (queue.length > 0) await turn()
    }
    working = false
  }

  /** What was decided by the old rules must be stored before others go on from there. */
  async function takeOver(next: Rules): Promise<boolean> {
    if (!(await stored())) return false
    try {
      const now = clock.now()
      await next.alerting.restore(now - memoryMs, now)
    } catch (error) {
      log.error({ error: messageOf(error) }, 'the edited configuration waits for the store')
      return false
    }
    rules = next
    if (nextRules === next) nextRules = undefined
    judge = newJudge()
    detection = undefined
    return true
  }

  /** Without the past there is nothing to judge by; undefined where it cannot be read now. */
  async function learn(untilMs: number): Promise<Detection | undefined> {
    try {
      const fresh = rules.newDetection()
      const windows = await learnHistory(store, pipeline, fresh, untilMs - historyMs, untilMs)
      log.info({ windows }, 'learnt from stored windows')
      blindSince = undefined
      return fresh
    } catch (error) {
      blindSince ??= clock.now()
      log.error({ error: messageOf(error) }, 'the past cannot be read from the store: nothing is judged yet')
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
      handOver++
      queue = []
      detection = undefined
    },
    reconfigure(next) {
      nextRules = next
    },
    rules: () => rules,
    detection: () => detection,
    waiting: () => queue.length,
    blindSince: () => blindSince
  }
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error))
