import type { Clock } from '../telemetry/clock.ts'
import { type Bucket, createBucket, type Rate } from './bucket.ts'
import { byUrgency, type Job } from './jobs.ts'
import { after } from './timers.ts'

export interface LanesOptions {
  /** Of a lane that is made now. */
  readonly rate: () => Rate
  readonly clock: Clock
  /** Jobs to an address that may go once their time has come. */
  readonly candidates: (address: string) => readonly Job[]
  /** Tries one job; never rejects. */
  readonly attempt: (job: Job, address: string) => Promise<void>
  /** A try is over and its lane free. */
  readonly onFree: () => void
}

/** One message at a time to each address, within its rate, the most urgent first. */
export interface Lanes {
  /** Something may have become due. */
  wake(address: string): void
  closeUntil(address: string, untilMs: number): void
  /** Lanes that rest begin anew, with the rate that holds now. */
  renew(): void
  busy(): boolean
  stop(): void
}

interface Lane {
  readonly bucket: Bucket
  busy: boolean
  callOff: () => void
}

export function createLanes({ rate, clock, candidates, attempt, onFree }: LanesOptions): Lanes {
  const lanes = new Map<string, Lane>()
  let stopped = false

  function laneOf(address: string): Lane {
    const lane = lanes.get(address) ?? { bucket: createBucket(rate()), busy: false, callOff: () => {} }
    lanes.set(address, lane)
    return lane
  }

  function wake(address: string): void {
    const lane = laneOf(address)
    lane.callOff()
    if (lane.busy || stopped) return
    const now = clock.now()
    const jobs = candidates(address)
    const [next] = jobs.filter(({ notBefore }) => notBefore <= now).sort(byUrgency)
    const waitMs = next ? lane.bucket.waitMs(now) : Math.min(...jobs.map(({ notBefore }) => notBefore - now))
    if (waitMs === Number.POSITIVE_INFINITY) return
    if (!next || waitMs > 0) {
      lane.callOff = after(clock, waitMs, () => wake(address))
      return
    }
    lane.bucket.take(now)
    lane.busy = true
    void attempt(next, address).finally(() => {
      lane.busy = false
      wake(address)
      onFree()
    })
  }

  return {
    wake,
    closeUntil: (address, untilMs) => laneOf(address).bucket.closeUntil(untilMs),
    renew() {
      for (const [address, lane] of lanes) {
        if (lane.busy) continue
        lane.callOff()
        lanes.delete(address)
      }
    },
    busy: () => [...lanes.values()].some(lane => lane.busy),
    stop() {
      stopped = true
      for (const lane of lanes.values()) lane.callOff()
    }
  }
}
