import type { NotificationRecord } from '../incident/types.ts'
import type { Rate } from '../routing/receiver.ts'
import type { Clock } from '../telemetry/clock.ts'
import {
  type CircuitBreaker,
  type CircuitBreakerRules,
  type CircuitBreakerState,
  createCircuitBreaker
} from './circuit-breaker.ts'
import type { Channel, SendResult } from './notifier.ts'
import { byPriority, type Candidate, type QueueEntry } from './queue-order.ts'
import { createKeyRateLimit, type KeyRateLimit } from './rate-limit.ts'
import { after } from './timers.ts'
import { createTokenBucket, type TokenBucket } from './token-bucket.ts'

interface LaneRules {
  readonly rate: Rate
  readonly breaker: CircuitBreakerRules
  /** New messages of one kind and segment a minute; critical ones pass. */
  readonly ratePerKey: number
}

export interface LanesOptions {
  readonly rulesOf: (channel: Channel) => LaneRules
  readonly clock: Clock
  /** What may go to an address once its time has come. */
  readonly candidates: (address: string) => readonly Candidate[]
  /** Tries one job; never rejects. */
  readonly attempt: (job: QueueEntry, address: string) => Promise<void>
  /** A try is over and its lane free. */
  readonly onFree: () => void
}

/** One message at a time to each address, within its rate, the most urgent first, none while its breaker is open. */
export interface Lanes {
  /** Something may have become due. */
  wake(channel: Channel): void
  /** Sends the message of a job whose turn it is, and counts it. */
  through(job: QueueEntry, channel: Channel, send: () => Promise<SendResult>): Promise<SendResult>
  closeUntil(channel: Channel, untilMs: number): void
  state(channel: Channel): LaneState
  /** Goes on with the rules that hold now; lanes to other addresses end once they rest. */
  renew(addresses: ReadonlySet<string>): void
  busy(): boolean
  stop(): void
}

interface LaneState {
  readonly breaker: CircuitBreakerState
  /** When the next message may go; null where none waits. */
  readonly nextAt: number | null
  /** It will take nothing for a while, be it broken or by its own word. */
  readonly isShut: boolean
}

interface Lane {
  readonly channel: Channel
  rules: LaneRules
  readonly bucket: TokenBucket
  breaker: CircuitBreaker
  keys: KeyRateLimit
  busy: boolean
  callOff: () => void
}

export function createLanes({ rulesOf, clock, candidates, attempt, onFree }: LanesOptions): Lanes {
  const lanes = new Map<string, Lane>()
  let stopped = false

  function laneOf(channel: Channel): Lane {
    const rules = rulesOf(channel)
    const lane = lanes.get(channel.address) ?? {
      channel,
      rules,
      bucket: createTokenBucket(rules.rate),
      breaker: createCircuitBreaker(rules.breaker, clock),
      keys: createKeyRateLimit(rules.ratePerKey),
      busy: false,
      callOff: () => {}
    }
    lanes.set(channel.address, lane)
    return lane
  }

  /** What goes next, and in how long; undefined where nothing waits. */
  function nextOf({ channel, bucket, breaker, keys }: Lane, now: number) {
    const waiting = candidates(channel.address).map(turn => ({ turn, waitMs: ownWaitMs(turn, keys, now) }))
    const [due] = waiting.filter(({ waitMs }) => waitMs <= 0).sort((a, b) => byPriority(a.turn, b.turn))
    const next = due ?? waiting.sort((a, b) => a.waitMs - b.waitMs)[0]
    if (next === undefined) return undefined
    return { ...next.turn, waitMs: Math.max(next.waitMs, bucket.waitMs(now), breaker.waitMs(now), 0) }
  }

  function wake(channel: Channel): void {
    const lane = laneOf(channel)
    lane.callOff()
    if (lane.busy || stopped) return
    const now = clock.now()
    const next = nextOf(lane, now)
    if (next === undefined) return
    if (next.waitMs > 0) {
      lane.callOff = after(clock, next.waitMs, () => wake(channel))
      return
    }
    lane.bucket.take(now)
    lane.busy = true
    void attempt(next.entry, channel.address).finally(() => {
      lane.busy = false
      wake(channel)
      onFree()
    })
  }

  return {
    wake,
    through({ record, tries }, channel, send) {
      const { breaker, keys } = laneOf(channel)
      if (tries === 0) keys.take(keyOf(record), clock.now())
      return breaker.run(send)
    },
    closeUntil: (channel, untilMs) => laneOf(channel).bucket.closeUntil(untilMs),
    state(channel) {
      const now = clock.now()
      const lane = laneOf(channel)
      const next = nextOf(lane, now)
      const breaker = lane.breaker.state(now)
      return {
        breaker,
        nextAt: next ? now + next.waitMs : null,
        isShut: breaker === 'open' || lane.bucket.closedMs(now) >= lane.rules.breaker.pauseMs
      }
    },
    renew(addresses) {
      for (const [address, lane] of lanes) {
        const { breaker, ratePerKey } = lane.rules
        lane.rules = rulesOf(lane.channel)
        const { rules } = lane
        lane.bucket.change(rules.rate)
        if (rules.ratePerKey !== ratePerKey) lane.keys = createKeyRateLimit(rules.ratePerKey)
        const isSame =
          rules.breaker.failures === breaker.failures && rules.breaker.pauseMs === breaker.pauseMs
        if (!isSame) lane.breaker = createCircuitBreaker(rules.breaker, clock)
        if (addresses.has(address) || lane.busy) continue
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

const keyOf = ({ kind, segment }: NotificationRecord): string => `${kind} ${segment}`

/** How long a job itself has to wait, whatever its lane is up to. */
function ownWaitMs({ entry: job, priority: severity }: Candidate, keys: KeyRateLimit, now: number): number {
  const isLimited = job.tries === 0 && severity !== 'critical'
  return Math.max(job.notBefore - now, isLimited ? keys.waitMs(keyOf(job.record), now) : 0)
}
