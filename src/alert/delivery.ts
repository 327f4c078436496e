import type { Channel, SendResult } from '../channel/types.ts'
import type { Clock } from '../telemetry/clock.ts'
import type { Logger } from '../telemetry/types.ts'
import type { Rate } from './bucket.ts'
import { createOpenKeys, firstOfEachKey, type Job } from './jobs.ts'
import { createLanes } from './lanes.ts'
import { isPassedOn, passedOn } from './passed-on.ts'
import { createRecorder } from './recorder.ts'
import { after } from './timers.ts'
import type { NotificationOutcome, NotificationRecord } from './types.ts'
import { wallKinds } from './wall-kinds.ts'

export interface DeliveryRules {
  readonly rate: Rate
  readonly retryEveryMs: number
  readonly expireAfterMs: number
}

export interface Destinations {
  readonly channels: ReadonlyMap<string, Channel>
  /** Gets what another receiver refuses for good; null where there is none. */
  readonly defaultReceiver: string | null
}

export interface DeliveryOptions extends Destinations {
  readonly rules: DeliveryRules
  readonly store: { insertNotifications(records: readonly NotificationRecord[]): Promise<void> }
  /** Resolves once a message may be sent; rejects where whether it may has changed, and is to be asked anew. */
  readonly maySend?: () => Promise<void>
  readonly clock: Clock
  /** In [0, 1). */
  readonly random: () => number
  readonly log: Logger
  /** Every outcome, and `pending` when the quick tries are used up; for metrics. */
  readonly onOutcome: (record: NotificationRecord) => void
}

export interface ReceiverState {
  readonly waiting: number
  /** `pending`: it is to be tried again. Undefined where nothing was tried yet. */
  readonly last: { readonly outcome: NotificationOutcome; readonly answer: string } | undefined
}

export interface Delivery {
  /**
   * Takes decided notifications. Each waits for `recorded` (its row, whatever becomes of it) for at most 2 s, then
   * goes. One that this delivery already had is left out.
   */
  enqueue(records: readonly NotificationRecord[], recorded: Promise<unknown>): void
  /** Takes over new receivers and rules; a key of PagerDuty that is open is still resolved through the old one. */
  redirect(destinations: Destinations & { readonly rules?: DeliveryRules }): void
  /** Drops what waits, but for what only this instance knows: another takes it up from the store, or decides it again. */
  forget(): void
  /** Notifications neither sent, refused nor expired. */
  waiting(): number
  /** How a receiver is doing: what waits for it, and what it made of the last try. */
  receiver(name: string): ReceiverState
  /** Sends what has not been tried yet and stores outcomes, for at most `withinMs`; the rest stays pending. */
  stop(withinMs?: number): Promise<void>
}

const recordWaitMs = 2_000
const quickRetries = 3
const firstBackoffMs = 1_000
/** A longer Retry-After is a mistake that would silence a receiver. */
const longestRetryAfterMs = 3_600_000
const rememberedIds = 20_000
const stopWithinMs = 3_000

export function createDelivery(options: DeliveryOptions): Delivery {
  const { clock, random, log, onOutcome, maySend = async () => {} } = options
  let { rules } = options
  const recorder = createRecorder({
    insert: records => options.store.insertNotifications(records),
    clock,
    log
  })
  let { channels, defaultReceiver } = options
  const jobs = new Set<Job>()
  const seen = new Set<string>()
  const lastOf = new Map<string, ReceiverState['last']>()
  const keys = createOpenKeys()
  let stopping = false
  let onProgress: () => void = () => {}

  const channelOf = (record: NotificationRecord): Channel | undefined =>
    keys.openerOf(record) ?? channels.get(record.receiver)

  const lanes = createLanes({
    rate: () => rules.rate,
    clock,
    candidates: address =>
      firstOfEachKey(jobs).filter(
        ({ ready, tries, record }) =>
          ready && channelOf(record)?.address === address && !(stopping && tries > 0)
      ),
    attempt,
    onFree: () => onProgress()
  })

  function add(record: NotificationRecord, recorded: Promise<unknown>): void {
    if (seen.has(record.id)) return
    remember(seen, record.id)
    if (record.outcome !== 'pending') {
      log.info(fieldsOf(record), 'alert decided, not to be sent')
      onOutcome(record)
      return
    }
    const now = clock.now()
    const since = record.attempts > 0 ? record.decidedAt : now
    const job: Job = { record, since, ready: false, notBefore: now, tries: 0 }
    jobs.add(job)
    const release = () => {
      callOff()
      if (job.ready) return
      job.ready = true
      start(job)
    }
    const callOff = after(clock, recordWaitMs, release)
    recorded.then(release, release)
  }

  function start(job: Job): void {
    if (!jobs.has(job)) return
    const channel = channelOf(job.record)
    if (channel) lanes.wake(channel.address)
    else refuse(job, 'no such receiver in the configuration')
  }

  async function attempt(job: Job, address: string): Promise<void> {
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
    else if (channel) conclude(job, channel, address, await send(channel, record))
  }

  function conclude(job: Job, channel: Channel, address: string, result: SendResult): void {
    // Forgotten meanwhile: another answers for it, and should know that it need not be sent.
    if (!jobs.has(job) && result.kind !== 'sent') return
    job.tries += 1
    job.record = { ...job.record, attempts: job.record.attempts + 1, answer: result.answer }
    if (result.kind === 'retry') noteLast(job.record, 'pending')
    switch (result.kind) {
      case 'sent':
        keys.opened(job.record, channel)
        finish(job, 'sent', result.answer)
        return
      case 'refused':
        refuse(job, result.answer)
        return
      case 'retry':
        retryLater(job, address, Math.min(result.retryAfterMs ?? 0, longestRetryAfterMs))
        return
      default:
        result satisfies never
    }
  }

  function retryLater(job: Job, address: string, retryAfterMs: number): void {
    const now = clock.now()
    const expiresAt = job.since + rules.expireAfterMs
    if (retryAfterMs > 0) lanes.closeUntil(address, now + retryAfterMs)
    if (now >= expiresAt) {
      finish(job, 'expired', job.record.answer)
      return
    }
    const waitMs =
      job.tries <= quickRetries
        ? firstBackoffMs * 2 ** (job.tries - 1) * (0.5 + random())
        : Math.min(rules.retryEveryMs, expiresAt - now)
    job.notBefore = now + Math.max(waitMs, retryAfterMs)
    if (job.tries === quickRetries + 1) report(job, 'pending')
  }

  function refuse(job: Job, answer: string): void {
    finish(job, 'refused', answer)
    const { record } = job
    const elsewhere = defaultReceiver === null ? undefined : channels.get(defaultReceiver)
    const sameAddress = elsewhere?.address === channels.get(record.receiver)?.address
    if (!elsewhere || defaultReceiver === null || sameAddress || isPassedOn(record)) {
      log.error({ ...fieldsOf(record), answer }, 'a refused notification has nowhere to go')
      return
    }
    const again = passedOn(record, defaultReceiver, clock.now())
    add(again, recorder.put(again))
  }

  function finish(job: Job, outcome: NotificationOutcome, answer: string): void {
    jobs.delete(job)
    job.record = { ...job.record, answer }
    if (outcome !== 'sent') keys.failed(job.record, outcome)
    keys.ended(job.record)
    report(job, outcome)
    if (job.record.dedupKey === null) return
    // What waited for its turn may go another way than this one went.
    for (const other of [...jobs]) {
      if (other.ready && other.record.dedupKey === job.record.dedupKey) start(other)
    }
  }

  function report(job: Job, outcome: NotificationOutcome): void {
    // Later than any state before it, or the store would keep the older one.
    const updatedAt = Math.max(clock.now(), job.record.updatedAt + 1)
    job.record = { ...job.record, outcome, updatedAt }
    const fields = { ...fieldsOf(job.record), attempts: job.record.attempts, answer: job.record.answer }
    if (outcome === 'sent') log.info(fields, 'notification sent')
    else log.warn(fields, 'notification not sent')
    void recorder.put(job.record).then(() => onProgress())
    noteLast(job.record, outcome)
    onOutcome(job.record)
  }

  function noteLast({ receiver, answer }: NotificationRecord, outcome: NotificationOutcome): void {
    lastOf.set(receiver, { outcome, answer })
  }

  return {
    enqueue(records, recorded) {
      for (const record of records) add(record, recorded)
    },
    redirect(destinations) {
      channels = destinations.channels
      defaultReceiver = destinations.defaultReceiver
      rules = destinations.rules ?? rules
      lanes.renew()
      for (const job of [...jobs]) if (job.ready) start(job)
    },
    forget() {
      for (const job of [...jobs]) {
        if (wallKinds.has(job.record.kind)) continue
        jobs.delete(job)
        seen.delete(job.record.id)
      }
    },
    waiting: () => jobs.size,
    receiver: name => ({
      waiting: [...jobs].filter(({ record }) => record.receiver === name).length,
      last: lastOf.get(name)
    }),
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

function fieldsOf({ id, receiver, action, kind, segment, severity, reason, outcome }: NotificationRecord) {
  return { id, receiver, action, kind, segment, severity, reason, outcome }
}

async function send(channel: Channel, record: NotificationRecord): Promise<SendResult> {
  try {
    return await channel.send(record, null)
  } catch (error) {
    return { kind: 'retry', answer: error instanceof Error ? error.name : 'failed' }
  }
}

function remember(ids: Set<string>, id: string): void {
  ids.add(id)
  if (ids.size > rememberedIds) ids.delete(ids.values().next().value as string)
}
