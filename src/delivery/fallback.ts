import { dedupKeyOf, notificationIdOf } from '../incident/ids.ts'
import { isReroute } from '../incident/reason.ts'
import type { NotificationRecord } from '../incident/types.ts'
import type { Channel } from './notifier.ts'

export interface FallbackOptions {
  readonly channelOf: (receiver: string) => Channel | undefined
  readonly now: () => number
  /** Takes a new notification, to be recorded and sent. */
  readonly put: (record: NotificationRecord) => void
}

/** Receivers that are told in place of another, once each, and the pages that are open there for it. */
export interface Fallback {
  /** False where there is nobody else to tell. */
  reroute(record: NotificationRecord, receiver: string | null, as: RerouteReason): boolean
  /** Resolves the pages of an incident, those of one dedup key or all: nobody else decides on their end. */
  end(incidentId: string, dedupKey: string | null): void
  /** Reads what earlier runs recorded, in its order. */
  recall(records: readonly NotificationRecord[]): void
}

/** Messages passed on that are remembered, the oldest dropped. */
const kept = 20_000

export function createFallback({ channelOf, now, put }: FallbackOptions): Fallback {
  const known = new Set<string>()
  const pages = new Map<string, NotificationRecord>()

  /** False where it was known. */
  function note(copy: NotificationRecord): boolean {
    if (known.has(copy.id)) return false
    known.add(copy.id)
    if (known.size > kept) known.delete(known.values().next().value as string)
    if (copy.dedupKey === null) return true
    if (copy.action === 'resolve') pages.delete(pageOf(copy))
    else pages.set(pageOf(copy), copy)
    return true
  }

  return {
    reroute(record, receiver, as) {
      const channel = receiver === null ? undefined : channelOf(receiver)
      if (receiver === null || !channel || isRerouted(record)) return false
      if (channel.address === channelOf(record.receiver)?.address) return false
      const isPager = channel.type === 'pagerduty'
      const copy = rerouted(record, { receiver, isPager, as, nowMs: now() })
      if (note(copy)) put(copy)
      return true
    },
    end(incidentId, dedupKey) {
      for (const page of [...pages.values()]) {
        if (page.incidentId !== incidentId || (dedupKey !== null && page.dedupKey !== dedupKey)) continue
        const end = endOf(page, now())
        if (note(end)) put(end)
      }
    },
    recall(records) {
      for (const record of records) if (isRerouted(record)) note(record)
    }
  }
}

const pageOf = ({ receiver, dedupKey }: NotificationRecord): string => `${receiver} ${dedupKey}`

/** Why a message goes to another receiver: the one that its own names, or that of the default route. */
type RerouteReason = 'fallback' | 'refused_elsewhere'

/** It goes no further: what the second receiver cannot take ends there. */
export const isRerouted = ({ reason }: NotificationRecord): boolean => isReroute(reason)

interface PassOn {
  readonly receiver: string
  readonly isPager: boolean
  readonly as: RerouteReason
  readonly nowMs: number
}

/** The message anew for another receiver, marked with the one that it was meant for. A pager opens the incident's page. */
function rerouted(record: NotificationRecord, { receiver, isPager, as, nowMs }: PassOn): NotificationRecord {
  const opens = isPager && record.action === 'trigger'
  return {
    ...pendingCopy(record, nowMs),
    id: notificationIdOf(`${record.id}|passed_on`, receiver),
    receiver,
    dedupKey: opens ? (record.dedupKey ?? dedupKeyOf(record.incidentId, record.severity, 1)) : null,
    reason: { type: as, receiver: record.receiver }
  }
}

/** The end of a page that was opened in place of another receiver. */
const endOf = (page: NotificationRecord, nowMs: number): NotificationRecord => ({
  ...pendingCopy(page, nowMs),
  id: notificationIdOf(`${page.id}|resolve`, page.receiver),
  action: 'resolve'
})

const pendingCopy = (record: NotificationRecord, nowMs: number): NotificationRecord => ({
  ...record,
  decidedAt: nowMs,
  outcome: 'pending',
  attempts: 0,
  answer: '',
  updatedAt: nowMs,
  receipt: null,
  requestId: null,
  latencyMs: null
})
