import { isOfPipeline } from '../../detectors/kind-of.ts'
import { rank } from '../incident/severity.ts'
import type { NotificationOutcome, NotificationRecord } from '../incident/types.ts'
import { hourMs } from '../time/units.ts'
import { createBackoff } from './backoff.ts'
import { rateOf } from './default-rates.ts'
import { createFallback, isRerouted } from './fallback.ts'
import { createMessageRefs } from './message-refs.ts'
import type { Channel, SendResult } from './notifier.ts'
import { createOpenPages } from './open-pages.ts'
import { createOutcomeWriter } from './outcome-writer.ts'
import { createOutcomes, fieldsOf } from './outcomes.ts'
import { candidatesOf, type QueueEntry, threadOf } from './queue-order.ts'
import { createLanes } from './receiver-queue.ts'
import { after } from './timers.ts'
import type { Delivery, DeliveryOptions } from './types.ts'
import { createWriteAhead } from './write-ahead.ts'

const quickRetries = 3
/** A longer Retry-After is a mistake that would silence a receiver. */
const longestRetryAfterMs = hourMs
const rememberedIds = 20_000
const stopWithinMs = 3_000

export function createDelivery(options: DeliveryOptions): Delivery {
  const { clock, log, onAttempt = () => {}, maySend = async () => {} } = options
  let { rules, channels, receivers, defaultReceiver } = options
  const recorder = createOutcomeWriter({
    insert: records => options.store.insertNotifications(records),
    clock,
    log
  })
  const jobs = new Set<QueueEntry>()
  // Decided by an earlier run: they have waited since then.
  let recalled: ReadonlySet<string> = new Set()
  const seen = new Set<string>()
  const holds = createWriteAhead({ clock, onFree: start })
  const keys = createOpenPages()
  const receipts = createMessageRefs()
  const standIns = createFallback({
    channelOf: name => channels.get(name),
    now: clock.now,
    put: record => add(record, recorder.put(record))
  })
  const backoff = createBackoff(options.random)
  let stopping = false
  let onProgress: () => void = () => {}
  const outcomes = createOutcomes({
    put: record => recorder.put(record).then(() => onProgress()),
    clock,
    log,
    onOutcome: options.onOutcome
  })

  const channelOf = (record: NotificationRecord): Channel | undefined =>
    keys.openerOf(record) ?? channels.get(record.receiver)

  const lanes = createLanes({
    rulesOf: channel => ({ ...rules, rate: rateOf(channel, { channels, receivers: receivers }, rules.rate) }),
    clock,
    candidates: address =>
      candidatesOf(jobs).filter(
        ({ entry: job }) =>
          job.awaitedRows === 0 && channelOf(job.record)?.address === address && !(stopping && job.tries > 0)
      ),
    attempt,
    onFree: () => onProgress()
  })

  function add(record: NotificationRecord, recorded: Promise<unknown>): void {
    if (seen.has(record.id)) return
    remember(seen, record.id)
    const now = clock.now()
    if (record.outcome !== 'pending') {
      log.info(fieldsOf(record), 'alert decided, not to be sent')
      options.onOutcome(record)
      return
    }
    const since = record.attempts > 0 || recalled.has(record.id) ? record.decidedAt : now
    const job: QueueEntry = { record, since, awaitedRows: 0, notBefore: now, tries: 0, backoff: undefined }
    jobs.add(job)
    holds.add(job, recorded)
    if (record.action === 'resolve' && record.dedupKey !== null && !isRerouted(record))
      standIns.end(record.incidentId, record.dedupKey)
  }

  function start(job: QueueEntry): void {
    if (!jobs.has(job)) return
    const channel = channelOf(job.record)
    if (!channel) {
      refuse(job, 'no such receiver in the configuration')
      return
    }
    if (isUrgent(job.record) && lanes.state(channel).isShut) passOnToFallback(job.record)
    lanes.wake(channel)
  }

  async function attempt(job: QueueEntry, address: string): Promise<void> {
    const isAllowed = await maySend().then(
      () => true,
      () => false
    )
    // Forgotten meanwhile, or its turn comes again.
    if (!isAllowed || !jobs.has(job)) return
    const { record } = job
    const channel = channelOf(record)
    const lost = keys.failureOf(record)
    if (lost) finish(job, lost, 'not sent: its trigger was not accepted')
    else if (channel?.address === address) {
      const earlier = receipts.of(record)
      conclude(
        job,
        channel,
        await resultOf(() => lanes.through(job, channel, () => channel.send(record, earlier)))
      )
    }
  }

  function conclude(job: QueueEntry, channel: Channel, result: SendResult): void {
    // Forgotten meanwhile: another answers for it, and should know that it need not be sent.
    if (!jobs.has(job) && result.kind !== 'sent') return
    onAttempt(job.record.receiver, result.kind)
    job.tries += 1
    job.record = { ...job.record, attempts: job.record.attempts + 1, answer: result.answer }
    switch (result.kind) {
      case 'sent':
        noteSent(job, channel, result)
        finish(job, 'sent', result.answer)
        return
      case 'refused':
        refuse(job, result.answer)
        return
      case 'retry':
        outcomes.noteLast(job.record, 'pending')
        retryLater(job, channel, Math.min(result.retryAfterMs ?? 0, longestRetryAfterMs))
        return
      default:
        result satisfies never
    }
  }

  function noteSent(job: QueueEntry, channel: Channel, result: Extract<SendResult, { kind: 'sent' }>): void {
    job.record = {
      ...job.record,
      // Carried along, so that the latest record alone is enough to go on from.
      receipt: result.receipt ?? receipts.of(job.record),
      requestId: result.requestId ?? null,
      latencyMs: Math.max(0, clock.now() - job.since)
    }
    receipts.note(job.record)
    keys.opened(job.record, channel)
  }

  function retryLater(job: QueueEntry, channel: Channel, retryAfterMs: number): void {
    const now = clock.now()
    if (retryAfterMs > 0) lanes.closeUntil(channel, now + retryAfterMs)
    job.backoff = (job.backoff ?? backoff).next(undefined)
    const waitMs = job.tries <= quickRetries ? job.backoff.duration : rules.retryEveryMs
    job.notBefore = now + Math.max(Math.min(waitMs, expiresAt(job) - now), retryAfterMs)
    // One that fails keeps others from being tried, which expire all the same.
    const waiting = [...jobs].filter(({ record }) => channelOf(record)?.address === channel.address)
    for (const other of waiting) if (now >= expiresAt(other)) expire(other)
    if (job.tries === quickRetries + 1 && jobs.has(job)) void outcomes.report(job, 'pending')
    if (!lanes.state(channel).isShut) return
    for (const { record, awaitedRows: holds } of waiting)
      if (holds === 0 && isUrgent(record)) passOnToFallback(record)
  }

  const expiresAt = ({ since }: QueueEntry) => since + rules.expireAfterMs

  function expire(job: QueueEntry): void {
    finish(job, 'expired', job.record.answer || 'not tried: its receiver took nothing')
    passOnToFallback(job.record)
  }

  function refuse(job: QueueEntry, answer: string): void {
    finish(job, 'refused', answer)
    const isElsewhere =
      passOnToFallback(job.record) || standIns.reroute(job.record, defaultReceiver, 'refused_elsewhere')
    if (!isElsewhere)
      log.error({ ...fieldsOf(job.record), answer }, 'a refused notification has nowhere to go')
  }

  const passOnToFallback = (record: NotificationRecord): boolean =>
    standIns.reroute(record, receivers.get(record.receiver)?.fallback ?? null, 'fallback')

  function finish(job: QueueEntry, outcome: NotificationOutcome, answer: string): void {
    jobs.delete(job)
    job.record = { ...job.record, answer }
    if (outcome !== 'sent') keys.failed(job.record, outcome)
    keys.ended(job.record)
    const recorded = outcomes.report(job, outcome)
    const thread = threadOf(job.record)
    const others = [...jobs].filter(({ record }) => threadOf(record) === thread)
    if (job.record.dedupKey !== null && outcome === 'sent') {
      // A page whose end is taken before its beginning is on record would be opened again after a crash in between.
      holds.addThread(thread, others, recorded)
    }
    // What waited for its turn may go another way than this one went.
    for (const other of others) if (other.awaitedRows === 0) start(other)
  }

  return {
    enqueue(records, recorded) {
      for (const record of records) add(record, recorded)
    },
    restore(records) {
      recalled = new Set(records.filter(({ outcome }) => outcome === 'pending').map(({ id }) => id))
      const inOrder = [...records].sort((a, b) => a.updatedAt - b.updatedAt)
      for (const record of inOrder) receipts.note(record)
      standIns.recall(inOrder)
    },
    resolveRerouted: incidentId => standIns.end(incidentId, null),
    reload(destinations) {
      channels = destinations.channels
      receivers = destinations.receivers
      defaultReceiver = destinations.defaultReceiver
      rules = destinations.rules ?? rules
      lanes.renew(new Set([...channels.values()].map(({ address }) => address)))
      for (const job of [...jobs]) if (job.awaitedRows === 0) start(job)
    },
    forget() {
      for (const job of [...jobs]) {
        if (isOfPipeline(job.record.kind)) continue
        jobs.delete(job)
        seen.delete(job.record.id)
      }
    },
    waiting: () => jobs.size,
    receiver(name) {
      const channel = channels.get(name)
      const { breaker, nextAt } = channel ? lanes.state(channel) : nowhere
      const waiting = [...jobs].filter(({ record }) => record.receiver === name).length
      return { waiting, nextAt: waiting > 0 ? nextAt : null, breaker, last: outcomes.lastOf(name) }
    },
    stop(withinMs = stopWithinMs) {
      stopping = true
      return new Promise(resolve => {
        const end = () => {
          callOff()
          lanes.stop()
          resolve()
        }
        const callOff = after(clock, withinMs, end)
        onProgress = () => {
          const untried = [...jobs].some(({ tries }) => tries === 0)
          if (!untried && !lanes.busy() && recorder.waiting() === 0) end()
        }
        onProgress()
      })
    }
  }
}

const nowhere = { breaker: 'closed', nextAt: null } as const

/** It goes to a fallback at once where its own receiver takes nothing for a while. */
const isUrgent = ({ severity, action }: NotificationRecord): boolean =>
  rank(severity) >= rank('high') && (action === 'trigger' || action === 'summary')

async function resultOf(send: () => Promise<SendResult>): Promise<SendResult> {
  try {
    return await send()
  } catch (error) {
    return { kind: 'retry', answer: error instanceof Error ? error.name : 'failed' }
  }
}

function remember(ids: Set<string>, id: string): void {
  ids.add(id)
  if (ids.size > rememberedIds) ids.delete(ids.values().next().value as string)
}
