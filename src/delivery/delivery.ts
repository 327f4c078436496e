import { isOfPipeline } from '../../detectors/kind-of.ts'
import type { NotificationRecord } from '../incident/types.ts'
import { createAccepted } from './accepted.ts'
import { createDedup } from './dedup.ts'
import { rateOf } from './default-rates.ts'
import { createDispatch } from './dispatch.ts'
import { createDrain } from './drain.ts'
import { createFallback } from './fallback.ts'
import { createMessageRefs } from './message-refs.ts'
import { createOpenPages } from './open-pages.ts'
import { createOutcomeWriter } from './outcome-writer.ts'
import { createOutcomes } from './outcomes.ts'
import type { Candidate, QueueEntry } from './queue-order.ts'
import { createReceiverQueues } from './receiver-queues.ts'
import { createRetry } from './retry.ts'
import { createSend } from './send.ts'
import type { Delivery, DeliveryOptions, DeliverySettings } from './types.ts'
import { createWaiting } from './waiting.ts'
import { createWriteAhead } from './write-ahead.ts'

const stopWithinMs = 3_000

export function createDelivery(options: DeliveryOptions): Delivery {
  let settings: DeliverySettings = options
  const stages = createStages(options, () => settings)
  const { accepted, waiting, dedup, messageRefs, fallback, queues, dispatch, outcomes, drain, enqueue } =
    stages
  return {
    enqueue(records, recorded) {
      for (const record of records) enqueue(record, recorded)
    },
    restore(records) {
      const oldestFirst = [...records].sort((a, b) => a.updatedAt - b.updatedAt)
      dedup.restore(records)
      for (const record of oldestFirst) {
        messageRefs.note(record)
        accepted.note(record)
      }
      fallback.restore(oldestFirst)
    },
    resolveRerouted: fallback.resolve,
    reload(next) {
      settings = { ...settings, ...next }
      queues.reload(new Set([...settings.channels.values()].map(({ address }) => address)))
      for (const entry of waiting.all()) if (entry.awaitedRows === 0) dispatch.toQueue(entry)
    },
    forget() {
      for (const entry of waiting.all()) {
        if (isOfPipeline(entry.record.kind)) continue
        waiting.delete(entry)
        dedup.forget(entry.record.id)
      }
    },
    isAccepted: accepted.has,
    waiting: waiting.size,
    receiver(name) {
      const channel = settings.channels.get(name)
      const { breaker, nextAt } = channel ? queues.of(channel).state() : noQueue
      const count = waiting.countOf(name)
      return { waiting: count, nextAt: count > 0 ? nextAt : null, breaker, last: outcomes.lastOf(name) }
    },
    stop: (withinMs = stopWithinMs) => drain.begin(withinMs)
  }
}

const noQueue = { breaker: 'closed', nextAt: null } as const

/**
 * The way of a notification: dedup, wait for its row, dispatch to the queue of its receiver, send within the limits of
 * the address; then finish, retry or fallback.
 */
function createStages(options: DeliveryOptions, settings: () => DeliverySettings) {
  const { clock, log, random, onOutcome, onAttempt = () => {}, maySend = async () => {} } = options
  const waiting = createWaiting()
  const accepted = createAccepted()
  const pages = createOpenPages(receiver => settings().channels.get(receiver))
  const messageRefs = createMessageRefs()
  const writer = createOutcomeWriter(options)
  const put = (record: NotificationRecord) => writer.put(record).then(() => drain.check())
  const outcomes = createOutcomes({
    ...{ put, clock, log },
    onOutcome(record) {
      accepted.note(record)
      onOutcome(record)
    }
  })
  const rules = () => settings().rules
  const isAt = (address: string, { record }: QueueEntry) => pages.channelOf(record)?.address === address
  const receiversAt = (address: string) =>
    [...waiting.receivers()].filter(receiver => pages.mayLeadTo(receiver, address))
  const waitingAt = (address: string): QueueEntry[] =>
    receiversAt(address).flatMap(name => [...waiting.ofReceiver(name)].filter(entry => isAt(address, entry)))

  function* candidates(address: string): Generator<Candidate> {
    for (const name of receiversAt(address))
      for (const candidate of waiting.candidatesOf(name)) {
        const { entry } = candidate
        const isHeld = entry.awaitedRows > 0 || (drain.hasBegun() && entry.tries > 0)
        if (!isHeld && isAt(address, entry)) yield candidate
      }
  }

  function enqueue(record: NotificationRecord, stored: Promise<unknown>): void {
    const entry = dedup.admit(record)
    if (entry === undefined) return
    if (record.outcome !== 'pending') {
      outcomes.reportUnsent(record)
      return
    }
    outcomes.reportDecided(record)
    waiting.add(entry)
    writeAhead.hold(entry, stored)
    fallback.onEnqueued(record)
  }

  const dedup = createDedup(clock)
  const writeAhead = createWriteAhead(clock, entry => dispatch.toQueue(entry))
  const fallback = createFallback({
    destinations: settings,
    clock,
    log,
    enqueue: record => enqueue(record, writer.put(record))
  })
  const queues = createReceiverQueues({
    rulesOf: channel => ({ ...rules(), rate: rateOf(channel, settings()) }),
    clock,
    candidates,
    send: (entry, queue) => send(entry, queue),
    onSent: () => drain.check()
  })
  const dispatch = createDispatch({ waiting, pages, queues, outcomes, writeAhead, fallback })
  const retry = createRetry({ rules, clock, random, waiting, waitingAt, outcomes, dispatch, fallback })
  const send = createSend({ maySend, waiting, pages, messageRefs, clock, onAttempt, dispatch, retry })
  const drain = createDrain({
    clock,
    isDone: () => waiting.all().every(({ tries }) => tries > 0) && !queues.isBusy() && writer.waiting() === 0,
    onEnd: queues.stop
  })
  return { accepted, waiting, dedup, messageRefs, fallback, queues, dispatch, outcomes, drain, enqueue }
}
