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
  readonly candidates: (address: string) => readonly Candidate[]
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
  let cancelTimer = () => {}

  /** The entry that goes next, and in how long; undefined if none waits. */
  function nextOf(now: number): { readonly entry: QueueEntry; readonly waitMs: number } | undefined {
    const waiting = candidates(channel.address).map(candidate => ({
      candidate,
      waitMs: limits.entryWaitMs(candidate, now)
    }))
    const [due] = waiting
      .filter(({ waitMs }) => waitMs <= 0)
      .sort((a, b) => byPriority(a.candidate, b.candidate))
    const next = due ?? waiting.sort((a, b) => a.waitMs - b.waitMs)[0]
    if (next === undefined) return undefined
    return { entry: next.candidate.entry, waitMs: Math.max(next.waitMs, limits.addressWaitMs(now), 0) }
  }

  function wake(): void {
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
