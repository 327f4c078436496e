import { noReceiver } from '../incident/notification.ts'
import type { NotificationRecord } from '../incident/types.ts'
import type { Store } from '../store/types.ts'
import type { Clock } from '../telemetry/clock.ts'
import { messageOf } from '../telemetry/message.ts'
import type { Logger } from '../telemetry/types.ts'
import { dayMs, hourMs, minuteMs } from '../time/units.ts'
import { type DailyStore, readDaily } from './daily.ts'
import { type ReportKey, reportIdOf, reportRecord } from './record.ts'
import { createSchedule, type DailySchedule, type Slot } from './schedule.ts'
import { dailyText, type ReportWords } from './text.ts'

export interface DailyReportSettings extends DailySchedule {
  readonly receivers: readonly string[]
}

/** What a reload can change. `daily` is null where it is off. */
export interface ReportSettings {
  readonly daily: DailyReportSettings | null
  /** False with `alerts: off`. */
  readonly sending: boolean
}

type ReportStore = DailyStore & Pick<Store, 'findNotifications' | 'insertNotifications'>

export interface ReportSenderOptions {
  readonly pipeline: string
  readonly settings: () => ReportSettings
  readonly words: () => ReportWords
  readonly store: ReportStore
  /** Sends what is stored already. */
  readonly enqueue: (records: readonly NotificationRecord[]) => void
  /** Only the instance that works sends reports. */
  readonly isWorking: () => boolean
  readonly clock: Pick<Clock, 'now'>
  readonly log: Logger
}

export const dailyName = 'daily'
/** A later one tells nobody anything new. */
export const latestMs = 3 * hourMs
const pollMs = minuteMs / 2
/** How long the last windows of a day are waited for. */
const waitMs = minuteMs * 30
/** A report within this time says that reports were on. */
const knownMs = 8 * dayMs

/** Sends each report once for its slot: what is stored of it says whether it was sent, whoever did. */
export function createReportSender(options: ReportSenderOptions) {
  const { pipeline, settings, words, store, enqueue, isWorking, clock, log } = options
  let polledAt = Number.NEGATIVE_INFINITY
  let isPolling = false
  let failure: string | undefined
  /** Slots about which nothing is left to do. */
  const done = new Set<string>()

  async function send({ receivers, ...daily }: DailyReportSettings, slot: Slot): Promise<void> {
    const key: ReportKey = { pipeline, name: dailyName, date: slot.date }
    const names = receivers.length > 0 ? receivers : [noReceiver]
    const stored = await store.findNotifications({ pipeline, action: 'summary', sinceMs: slot.at - knownMs })
    const known = new Set(stored.map(({ id }) => id))
    // An instance that lost its work may have stored one without sending it; one that waits already is not sent twice.
    const ids = new Set(names.map(receiver => reportIdOf(key, receiver)))
    enqueue(stored.filter(({ id, outcome }) => ids.has(id) && outcome === 'pending'))
    const left = names.filter(receiver => !known.has(reportIdOf(key, receiver)))
    if (left.length > 0) {
      const schedule = createSchedule(daily)
      const figures = await readDaily(store, pipeline, schedule, slot.day)
      const lateMs = clock.now() - slot.at
      const isWhole = figures.coveredMs >= figures.toMs - figures.fromMs
      if (lateMs < waitMs && !isWhole) return
      const isMissed = lateMs > latestMs
      // Nobody misses a report of a day before the first one, or from before reports were switched on.
      const isExpected = !isMissed || stored.some(({ report }) => report !== undefined)
      if (figures.coveredMs > 0 && isExpected && isWorking()) {
        const text = dailyText(pipeline, figures, words())
        const outcome = isMissed ? 'expired' : settings().sending && receivers.length > 0 ? 'pending' : 'off'
        const answer = isMissed ? 'not sent: more than 3 hours late' : ''
        const records = left.map(receiver =>
          reportRecord(key, receiver, text, { outcome, answer, nowMs: clock.now() })
        )
        await store.insertNotifications(records)
        if (isMissed) log.warn({ date: slot.date, receivers: left }, 'daily report not sent: too late')
        else enqueue(records)
      }
    }
    done.add(slot.date)
  }

  async function run(daily: DailyReportSettings, slot: Slot): Promise<void> {
    isPolling = true
    try {
      await send(daily, slot)
      failure = undefined
    } catch (error) {
      const reason = messageOf(error)
      if (reason !== failure) log.warn({ error: reason }, 'the daily report waits for the store')
      failure = reason
    } finally {
      isPolling = false
      polledAt = clock.now()
    }
  }

  return {
    /** Sends what is due. To be called often. */
    poll(): void {
      const { daily } = settings()
      if (daily === null || isPolling || !isWorking() || clock.now() - polledAt < pollMs) return
      const slot = createSchedule(daily).latest(clock.now())
      if (!done.has(slot.date)) void run(daily, slot)
    }
  }
}
