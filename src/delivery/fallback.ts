import { rank } from '../../detectors/rules/severity.ts'
import type { NotificationRecord } from '../incident/types.ts'
import type { Clock } from '../telemetry/clock.ts'
import type { Logger } from '../telemetry/types.ts'
import { setRecent } from './newest-entries.ts'
import { fieldsOf } from './outcomes.ts'
import { isRerouted, type RerouteReason, rerouted, resolveOf } from './reroute.ts'
import type { Destinations } from './types.ts'

export interface FallbackOptions {
  readonly destinations: () => Destinations
  readonly clock: Pick<Clock, 'now'>
  readonly log: Logger
  /** Takes a new notification, to be stored and sent. */
  readonly enqueue: (record: NotificationRecord) => void
}

/** Reroutes a message that its own receiver does not take, once, and resolves the pages that were opened that way. */
export interface Fallback {
  /** To the fallback, else to the default receiver. */
  onRefused(record: NotificationRecord): void
  onExpired(record: NotificationRecord): void
  /** What is urgent goes to the fallback at once; its own receiver gets it later all the same. */
  onBlocked(record: NotificationRecord): void
  /** A pager that resolves its own page ends the one that was opened in place of it. */
  onEnqueued(record: NotificationRecord): void
  /** Resolves all pages of an incident that rerouted messages opened. */
  resolve(incidentId: string): void
  /** Reads what earlier runs stored, oldest first. */
  restore(records: readonly NotificationRecord[]): void
}

const rememberedIds = 20_000

export function createFallback({ destinations, clock, log, enqueue }: FallbackOptions): Fallback {
  const known = new Map<string, true>()
  /** By incident and page. */
  const openPages = new Map<string, Map<string, NotificationRecord>>()
  /** Records that were rerouted, so that the same one costs nothing the next time. */
  const done = new Map<string, true>()

  /** False if it was known. */
  function note(copy: NotificationRecord): boolean {
    if (known.has(copy.id)) return false
    setRecent(known, copy.id, true, rememberedIds)
    if (copy.dedupKey === null) return true
    const pages = openPages.get(copy.incidentId) ?? new Map<string, NotificationRecord>()
    if (copy.action === 'resolve') pages.delete(pageOf(copy))
    else pages.set(pageOf(copy), copy)
    if (pages.size > 0) openPages.set(copy.incidentId, pages)
    else openPages.delete(copy.incidentId)
    return true
  }

  /** False if there is no other receiver for it. */
  function reroute(
    record: NotificationRecord,
    receiver: string | null | undefined,
    reason: RerouteReason
  ): boolean {
    const { channels } = destinations()
    const channel = receiver ? channels.get(receiver) : undefined
    if (!receiver || !channel || isRerouted(record)) return false
    if (channel.address === channels.get(record.receiver)?.address) return false
    const once = `${record.id} ${receiver}`
    if (done.has(once)) return true
    setRecent(done, once, true, rememberedIds)
    const isPager = channel.type === 'pagerduty'
    const copy = rerouted(record, { receiver, isPager, reason, nowMs: clock.now() })
    if (note(copy)) enqueue(copy)
    return true
  }

  const toFallback = (record: NotificationRecord): boolean =>
    reroute(record, destinations().receivers.get(record.receiver)?.fallback, 'fallback')

  function resolve(incidentId: string, isWanted: (page: NotificationRecord) => boolean): void {
    for (const page of [...(openPages.get(incidentId)?.values() ?? [])].filter(isWanted)) {
      const end = resolveOf(page, clock.now())
      if (note(end)) enqueue(end)
    }
  }

  return {
    onRefused(record) {
      if (toFallback(record) || reroute(record, destinations().defaultReceiver, 'refused_elsewhere')) return
      log.error(
        { ...fieldsOf(record), answer: record.answer },
        'notification refused, no other receiver left'
      )
    },
    onExpired: record => void toFallback(record),
    onBlocked: record => void (isUrgent(record) && toFallback(record)),
    onEnqueued(record) {
      const { incidentId, dedupKey, action } = record
      if (action !== 'resolve' || dedupKey === null || isRerouted(record)) return
      resolve(incidentId, page => page.dedupKey === dedupKey)
    },
    resolve: incidentId => resolve(incidentId, () => true),
    restore(records) {
      for (const record of records) if (isRerouted(record)) note(record)
    }
  }
}

const pageOf = ({ receiver, dedupKey }: NotificationRecord): string => `${receiver} ${dedupKey}`

const isUrgent = ({ severity, action }: NotificationRecord): boolean =>
  rank(severity) >= rank('high') && (action === 'trigger' || action === 'summary')
