import type { Channel } from './notifier.ts'
import { createReceiverQueue, type ReceiverQueue, type ReceiverQueueOptions } from './receiver-queue.ts'
import type { LimitRules } from './send-limits.ts'

export interface ReceiverQueuesOptions extends Omit<ReceiverQueueOptions, 'channel' | 'rules'> {
  readonly rulesOf: (channel: Channel) => LimitRules
}

/** A queue per address. */
export interface ReceiverQueues {
  of(channel: Channel): ReceiverQueue
  /** Takes over the current rules, and ends idle queues to other addresses. */
  reload(addresses: ReadonlySet<string>): void
  isBusy(): boolean
  stop(): void
}

export function createReceiverQueues({ rulesOf, ...options }: ReceiverQueuesOptions): ReceiverQueues {
  const queues = new Map<string, ReceiverQueue>()
  let isStopped = false
  return {
    of(channel) {
      const known = queues.get(channel.address)
      if (known) return known
      const queue = createReceiverQueue({ ...options, channel, rules: rulesOf(channel) })
      if (isStopped) queue.stop()
      queues.set(channel.address, queue)
      return queue
    },
    reload(addresses) {
      for (const [address, queue] of queues) {
        queue.limits.change(rulesOf(queue.channel))
        if (addresses.has(address) || queue.isBusy()) continue
        queue.stop()
        queues.delete(address)
      }
    },
    isBusy: () => [...queues.values()].some(queue => queue.isBusy()),
    stop() {
      isStopped = true
      for (const queue of queues.values()) queue.stop()
    }
  }
}
