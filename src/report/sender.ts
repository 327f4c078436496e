import { noReceiver } from '../incident/notification.ts'
import type { NotificationRecord } from '../incident/types.ts'
import type { Store } from '../store/types.ts'
import type { Clock } from '../telemetry/clock.ts'
import { messageOf } from '../telemetry/message.ts'
import type { Logger } from '../telemetry/types.ts'
import { dayMs, hourMs, minuteMs } from '../time/units.ts'
import { reportIdOf, reportKeyOf, reportRecord } from './record.ts'
import { draftOf } from './report.ts'
import { createSchedule, type Slot } from './schedule.ts'
import type { DraftStore, ReportSettings } from './types.ts'

/** What a reload can change. */
export interface ReportsSettings {
  /** Those that are on. */
  readonly reports: readonly ReportSettings[]
  /** False with `alerts: off`. */
  readonly sending: boolean
}

type ReportStore = DraftStore &
  Pick<Store, 'findNotifications' | 'insertNotifications' | 'insertRecommendations'>

export interface ReportSenderOptions {
  readonly pipeline: string
  readonly settings: () => ReportsSettings
  /** The shop's currency. */
  readonly currency: () => string
  readonly store: ReportStore
  /** Sends what is stored already. */
  readonly enqueue: (records: readonly NotificationRecord[]) => void
  /** Only the instance that works sends reports. */
  readonly isWorking: () => boolean
  readonly clock: Pick<Clock, 'now'>
  readonly log: Logger
}

/** A later one tells nobody anything new. */
export const latestMs = 3 * hourMs
const pollMs = minuteMs / 2
/** How long the last windows of a day are waited for. */
const waitMs = minuteMs * 30
/** A report within this time says that reports were on. */
const knownMs = 8 * dayMs

/** Sends each report once for its slot: what is stored of it says whether it was sent, whoever did. */
export function createReportSender(options: ReportSenderOptions) {
  const { pipeline, settings, currency, store, enqueue, isWorking, clock, log } = options
  let polledAt = Number.NEGATIVE_INFINITY
  let isPolling = false
  let failure: string | undefined
  /** Slots about which nothing is left to do. */
  const done = new Set<string>()

  async function send(report: ReportSettings, slot: Slot): Promise<void> {
    const { name, receivers, timezone, languages = {} } = report
    const key = reportKeyOf(pipeline, report, slot)
    const names = receivers.length > 0 ? receivers : [noReceiver]
    const stored = await store.findNotifications({ pipeline, action: 'summary', sinceMs: slot.at - knownMs })
    const known = new Set(stored.map(({ id }) => id))
    // An instance that lost its work may have stored one without sending it; one that waits already is not sent twice.
    const ids = new Set(names.map(receiver => reportIdOf(key, receiver)))
    enqueue(stored.filter(({ id, outcome }) => ids.has(id) && outcome === 'pending'))
    const left = names.filter(receiver => !known.has(reportIdOf(key, receiver)))
    if (left.length > 0) {
      const words = { currency: currency(), timezone }
      const nowMs = clock.now()
      const lateMs = nowMs - slot.at
      const mayWait = lateMs < waitMs
      const told = toldIn(stored, name, slot)
      const asked = { schedule: createSchedule(report), slot, words, nowMs, told, mayWait }
      const { text, isWhole, recommendations = [] } = await draftOf(report, store, pipeline, asked)
      if (mayWait && !isWhole) return
      if (recommendations.length > 0 && isWorking()) await store.insertRecommendations(recommendations)
      const isMissed = lateMs > latestMs
      // Nobody misses a report of a day before the first one, or from before reports were switched on.
      const isExpected = !isMissed || stored.some(one => one.report?.name === name)
      if (text !== null && isExpected && isWorking()) {
        const outcome = isMissed ? 'expired' : settings().sending && receivers.length > 0 ? 'pending' : 'off'
        const answer = isMissed ? 'not sent: more than 3 hours late' : ''
        const records = left.map(receiver =>
          reportRecord(key, receiver, text(languages[receiver] ?? 'en'), {
            outcome,
            answer,
            nowMs: clock.now()
          })
        )
        await store.insertNotifications(records)
        if (isMissed)
          log.warn({ report: name, date: slot.date, receivers: left }, 'report not sent: too late')
        else enqueue(records)
      }
    }
    done.add(doneKey(report, slot))
  }

  const doneKey = ({ name, hour }: ReportSettings, { date }: Slot) => `${name} ${hour} ${date}`

  function dueNow() {
    const now = clock.now()
    return settings()
      .reports.map(report => ({ report, slot: createSchedule(report).latest(now) }))
      .filter(({ report, slot }) => !done.has(doneKey(report, slot)))
  }

  async function run(due: ReturnType<typeof dueNow>): Promise<void> {
    isPolling = true
    try {
      for (const { report, slot } of due) await send(report, slot)
      failure = undefined
    } catch (error) {
      const reason = messageOf(error)
      if (reason !== failure) log.warn({ error: reason }, 'a report waits for the store')
      failure = reason
    } finally {
      isPolling = false
      polledAt = clock.now()
    }
  }

  return {
    /** Sends what is due. To be called often. */
    poll(): void {
      if (isPolling || !isWorking() || clock.now() - polledAt < pollMs) return
      const due = dueNow()
      if (due.length > 0) void run(due)
    }
  }
}

/** The same report at other hours of the day, whatever became of it but one that came too late for anybody. */
const toldIn = (stored: readonly NotificationRecord[], name: string, { date }: Slot) =>
  stored
    .filter(({ outcome }) => outcome !== 'expired')
    .flatMap(({ report }) => (report?.name === name && report.date === date ? [report] : []))
