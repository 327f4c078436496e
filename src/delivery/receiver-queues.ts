import type { Clock } from '../telemetry/clock.ts'
import type { Channel } from './channel.ts'
import type { CircuitBreakerState } from './circuit-breaker.ts'
import { byPriority, type Candidate, type QueueEntry } from './queue-order.ts'
import { createSendLimits, type LimitRules, type SendLimits } from './send-limits.ts'
import { after } from './timers.ts'

export interface ReceiverQueuesOptions extends Omit<ReceiverQueueOptions, 'channel' | 'rules'> {
  readonly rulesOf: (channel: Channel) => LimitRules
}

export type ReceiverQueues = ReturnType<typeof createReceiverQueues>

/** A queue per address. */
export function createReceiverQueues({ rulesOf, ...options }: ReceiverQueuesOptions) {
  const queues = new Map<string, ReceiverQueue>()
  let isStopped = false
  return {
    of(channel: Channel): ReceiverQueue {
      const known = queues.get(channel.address)
      if (known) return known
      const queue = createReceiverQueue({ ...options, channel, rules: rulesOf(channel) })
      if (isStopped) queue.stop()
      queues.set(channel.address, queue)
      return queue
    },
    /** Applies the current rules, and ends idle queues to other addresses. */
    reload(addresses: ReadonlySet<string>): void {
      for (const [address, queue] of queues) {
        queue.limits.change(rulesOf(queue.channel))
        if (addresses.has(address) || queue.isBusy()) continue
        queue.stop()
        queues.delete(address)
      }
    },
    isBusy: (): boolean => [...queues.values()].some(queue => queue.isBusy()),
    stop(): void {
      isStopped = true
      for (const queue of queues.values()) queue.stop()
    }
  }
}

interface ReceiverQueueOptions {
  readonly channel: Channel
  readonly rules: LimitRules
  readonly clock: Clock
  /** Entries that may be sent to this address once `notBefore` has come. */
  readonly candidates: (address: string) => Iterable<Candidate>
  /** Sends one entry; never rejects. */
  readonly send: (entry: QueueEntry, queue: ReceiverQueue) => Promise<void>
  /** A send is over. */
  readonly onSent: () => void
}

/** Sends one message at a time to an address, by priority, within its limits. */
export interface ReceiverQueue {
  readonly channel: Channel
  readonly limits: SendLimits
  /** Sends the next message as soon as it may go. To be called whenever that can have changed. */
  wake(): void
  state(): QueueState
  isBusy(): boolean
  stop(): void
}

export interface QueueState {
  readonly breaker: CircuitBreakerState
  /** When the next message may go; null if none waits. */
  readonly nextAt: number | null
}

function createReceiverQueue(options: ReceiverQueueOptions): ReceiverQueue {
  const { channel, clock, candidates, send, onSent } = options
  const limits = createSendLimits(options.rules, clock)
  let isBusy = false
  let isStopped = false
  let isWoken = false
  let cancelTimer = () => {}

  /** The entry that goes next, and in how long; undefined if none waits. */
  function nextOf(now: number): { readonly entry: QueueEntry; readonly waitMs: number } | undefined {
    let due: Candidate | undefined
    let soonest: Candidate | undefined
    let soonestMs = Number.POSITIVE_INFINITY
    for (const candidate of candidates(channel.address)) {
      const waitMs = limits.entryWaitMs(candidate, now)
      if (waitMs <= 0) {
        if (due === undefined || byPriority(candidate, due) < 0) due = candidate
      } else if (waitMs < soonestMs) {
        soonest = candidate
        soonestMs = waitMs
      }
    }
    const next = due ?? soonest
    if (next === undefined) return undefined
    return { entry: next.entry, waitMs: Math.max(due ? 0 : soonestMs, limits.addressWaitMs(now)) }
  }

  /** Many entries come at once, and each wakes it: it looks at them once. */
  function wake(): void {
    if (isWoken || isBusy || isStopped) return
    isWoken = true
    queueMicrotask(() => {
      isWoken = false
      sendNext()
    })
  }

  function sendNext(): void {
    cancelTimer()
    if (isBusy || isStopped) return
    const now = clock.now()
    const next = nextOf(now)
    if (next === undefined) return
    if (next.waitMs > 0) {
      cancelTimer = after(clock, next.waitMs, wake)
      return
    }
    limits.takeToken(now)
    isBusy = true
    void send(next.entry, queue).finally(() => {
      isBusy = false
      wake()
      onSent()
    })
  }

  const queue: ReceiverQueue = {
    channel,
    limits,
    wake,
    state() {
      const now = clock.now()
      const next = nextOf(now)
      return { breaker: limits.breaker(now), nextAt: next ? now + next.waitMs : null }
    },
    isBusy: () => isBusy,
    stop() {
      isStopped = true
      cancelTimer()
    }
  }
  return queue
}
