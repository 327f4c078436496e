import { setImmediate as turn } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import type { Detection, Verdict } from '../../detectors/types.ts'
import type { Change } from '../incident/changes.ts'
import type { Incidents, IncidentsSettings, Restored } from '../incident/incidents.ts'
import type { ServiceAlert } from '../incident/service-alert.ts'
import type { OperatorAction } from '../incident/types.ts'
import type { WindowMetrics } from '../metrics/types.ts'
import { createLeases } from '../source/lease.ts'
import type { StoreFault } from '../store/reasons.ts'
import type { Store } from '../store/types.ts'
import { dayMs } from '../time/units.ts'
import { type Compressible, compressible } from './compressed.ts'
import { createDecisions, type Decision, type Decisions } from './decision.ts'
import { createExpectedSpans, type ExpectedSpans, type IsExpected } from './expected-spans.ts'
import { createRecentValues } from './recent-values.ts'
import { createWarmDetection, notStored, type WarmDetectionOptions } from './warm-detection.ts'

/** How far back incidents, notifications and detections are read. */
const memoryMs = 2 * dayMs

/** What an edit of the configuration can change between two windows. */
export interface DeciderSettings {
  readonly configHash: string
  /** The detectors' part of the configuration: if it changes, the past is learnt again. */
  readonly detectors: unknown
  /** `isExpected`: whether a span is one that nothing is to be learned from, for somebody expected what happened in it. */
  readonly newDetection: (isExpected: IsExpected) => Detection
  readonly incidents: IncidentsSettings
}

export interface DeciderOptions
  extends Pick<WarmDetectionOptions, 'pipeline' | 'historyMs' | 'allStored' | 'clock' | 'log'> {
  readonly settings: DeciderSettings
  readonly incidents: Incidents
  readonly store: Pick<Store, 'windows' | 'detections' | 'expectedIncidents'>
  readonly onDecision: (decision: Decision) => void
}

/** Decides on closed windows in their order, each once, behind what is stored of the past. */
export interface Decider {
  /** Reads what was decided and done before. Rejects with the store's error. */
  restore(): Promise<Restored>
  push(windows: readonly WindowMetrics[]): void
  /** Decides on a verdict about the pipeline itself. */
  verdict(verdict: Verdict): void
  /** The past is read to its end. */
  endCatchUp(): void
  /** Decides what is due by the wall clock alone. */
  tick(): void
  /** Applies what people did. */
  act(actions: readonly OperatorAction[]): void
  /** Takes in what somebody told of deploys and campaigns. */
  changes(changes: readonly Change[]): void
  /** Takes in what other services raised. */
  serviceAlerts(alerts: readonly ServiceAlert[]): void
  /** Another instance takes over: forgets windows and what was learnt. */
  forget(): void
  /** Decides by these settings from the next window on. */
  reconfigure(settings: DeciderSettings): void
  detection(): Detection | undefined
  waiting(): number
  /** Why the past cannot be read, so that nothing is judged; undefined while it can. */
  failure(): StoreFault | undefined
}

interface Waiting {
  readonly start: number
  readonly window: Compressible<WindowMetrics>
}

export function createDecider(options: DeciderOptions): Decider {
  const { pipeline, incidents, store, allStored, clock } = options
  let { settings } = options
  const recent = createRecentValues()
  const expected = createExpectedSpans()
  const publish = followedBy(expected, options.onDecision)
  const newDetection = () => settings.newDetection(expected.covers)
  const detection = createWarmDetection({ ...options, newDetection, expected, recent })
  // A failover and new detectors end the lease: what is being learnt then is dropped.
  const leases = createLeases()
  let detectedBefore: ReadonlyMap<string, number> = new Map()
  const newDecisions = (): Decisions =>
    createDecisions({ pipeline, configHash: settings.configHash, incidents, detectedBefore, recent })
  let decisions = newDecisions()
  let queue: Waiting[] = []
  let running = false

  async function run(): Promise<void> {
    if (running) return
    running = true
    for (let next = queue[0]; next !== undefined; next = queue[0]) {
      const lease = leases.current()
      const ready = detection.ready() ?? (await detection.learn(next.start, lease))
      if (ready === undefined || !lease.isValid()) continue
      queue.shift()
      publish(decisions.ofWindow(ready, next.window.get(), clock.now()))
      if (queue.length > 0) await turn()
    }
    running = false
  }

  /** Between windows there is usually nothing to store. */
  function pass(decision: Decision): void {
    if (decision.incidents.length + decision.notifications.length > 0) publish(decision)
  }

  function learnAgain(): void {
    leases.renew()
    detection.edit()
  }

  return {
    async restore() {
      // What this instance itself decided meanwhile must be there to be read back.
      if (!(await allStored())) throw notStored('decided')
      const now = clock.now()
      const restored = await incidents.restore(now - memoryMs, now)
      detectedBefore = await store.detections(pipeline, now - memoryMs)
      decisions = newDecisions()
      return restored
    },
    push(windows) {
      const isBlind = detection.failure() !== undefined
      for (const window of windows) {
        const waiting = compressible(window)
        if (isBlind) waiting.compress()
        queue.push({ start: window.start, window: waiting })
      }
      void run()
    },
    verdict: verdict => publish(decisions.ofVerdict(verdict, clock.now())),
    endCatchUp: () => publish(decisions.ofCatchUp(clock.now())),
    tick: () => pass(decisions.ofTick(clock.now())),
    act(actions) {
      pass(decisions.ofActions(actions, clock.now()))
      if (expected.act(actions)) learnAgain()
    },
    serviceAlerts: alerts => pass(decisions.ofServiceAlerts(alerts, clock.now())),
    changes: incidents.onChanges,
    forget() {
      leases.renew()
      queue = []
      detection.forget()
      expected.forget()
    },
    reconfigure(next) {
      const isEdited = !isDeepStrictEqual(next.detectors, settings.detectors)
      settings = next
      incidents.reconfigure(next.incidents)
      decisions = newDecisions()
      if (isEdited) learnAgain()
    },
    detection: detection.latest,
    waiting: () => queue.length,
    failure: detection.failure
  }
}

/** Whoever knows the incidents that were expected is told of each decision first. */
const followedBy =
  ({ follow }: ExpectedSpans, onDecision: DeciderOptions['onDecision']): DeciderOptions['onDecision'] =>
  decision => {
    follow(decision.incidents)
    onDecision(decision)
  }
