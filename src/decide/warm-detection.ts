import type { Detection } from '../../detectors/types.ts'
import type { WindowMetrics } from '../metrics/types.ts'
import type { Lease } from '../source/lease.ts'
import { StoreError } from '../store/errors.ts'
import { type StoreFault, storeReasonOf } from '../store/reasons.ts'
import type { Store } from '../store/types.ts'
import type { Clock } from '../telemetry/clock.ts'
import { messageOf } from '../telemetry/message.ts'
import type { Logger } from '../telemetry/types.ts'
import type { ExpectedSpans } from './expected-spans.ts'
import type { RecentValues } from './recent-values.ts'
import { warmUp } from './warm-up.ts'

const retryMs = 1_000

export interface WarmDetectionOptions {
  readonly pipeline: string
  readonly newDetection: () => Detection
  readonly store: Pick<Store, 'windows' | 'expectedIncidents'>
  /** How much of the past is learnt before the first window is judged. */
  readonly historyMs: number
  /** Resolves true once all that was decided is stored: a window that is not would be missing from the past. */
  readonly allStored: () => Promise<boolean>
  /** Filled with the incidents that somebody expected, whose windows are not learnt. */
  readonly expected: Pick<ExpectedSpans, 'replace'>
  /** Filled with the newest of what is learnt. */
  readonly recent: RecentValues
  readonly clock: Clock
  readonly log: Logger
}

/** The detection that judges windows, once it has learnt from the stored past. */
export function createWarmDetection(options: WarmDetectionOptions) {
  const { pipeline, newDetection, store, historyMs, allStored, expected, recent, clock, log } = options
  let detection: Detection | undefined
  let isEdited = false
  let failure: StoreFault | undefined

  async function learnStored(untilMs: number, lease: Lease): Promise<Detection> {
    if (!(await allStored())) throw notStored('judged')
    const incidents = await store.expectedIncidents(pipeline, untilMs - historyMs)
    if (lease.isValid()) expected.replace(incidents)
    const fresh = newDetection()
    recent.clear()
    const learner = {
      ...(fresh.alsoLearns && { alsoLearns: fresh.alsoLearns }),
      learn(window: WindowMetrics) {
        fresh.learn(window)
        recent.push(window)
      }
    }
    const windows = await warmUp(store, pipeline, learner, untilMs - historyMs, untilMs)
    log.info({ windows }, 'learnt from stored windows')
    return fresh
  }

  function noteFailure(cause: unknown): void {
    const error = messageOf(cause)
    if (failure?.error !== error)
      log.error({ error }, 'stored windows cannot be read: no window is judged until they can')
    failure = { reason: storeReasonOf(cause), error, since: failure?.since ?? clock.now() }
  }

  return {
    /** Undefined while there is something to learn first. */
    ready: (): Detection | undefined => (isEdited ? undefined : detection),
    /**
     * Learns what is stored before `untilMs`. Gives the detection to judge the next window by: the former one where the
     * past cannot be read for an edited one, undefined where there is none and it has to be tried again.
     */
    async learn(untilMs: number, lease: Lease): Promise<Detection | undefined> {
      try {
        const fresh = await learnStored(untilMs, lease)
        failure = undefined
        if (!lease.isValid()) return undefined
        detection = fresh
        isEdited = false
        return fresh
      } catch (error) {
        if (!lease.isValid()) return undefined
        if (detection !== undefined) {
          log.warn(
            { error: messageOf(error) },
            'the edited detectors cannot learn, for stored windows cannot be read: the former ones judge'
          )
          return detection
        }
        noteFailure(error)
        await clock.sleep(retryMs)
        return undefined
      }
    },
    /** The detectors were edited: the former detection judges until new ones have learnt. */
    edit(): void {
      isEdited = true
    },
    forget(): void {
      detection = undefined
      isEdited = false
      failure = undefined
    },
    latest: (): Detection | undefined => detection,
    /** Why the past cannot be read, so that nothing is judged; undefined while it can. */
    failure: (): StoreFault | undefined => failure
  }
}

export const notStored = (what: string) =>
  new StoreError('TIMEOUT', `what was ${what} is not stored yet`, { retryable: true })
