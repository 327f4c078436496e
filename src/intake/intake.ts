import { randomUUID } from 'node:crypto'
import { v5 } from 'uuid'
import { keyOf } from '../incident/incident-table.ts'
import { rateKeyOf, type ServiceAlert } from '../incident/service-alert.ts'
import type { KnownServiceAlerts, Store } from '../store/types.ts'
import { minuteMs } from '../time/units.ts'
import { createBatches } from './batches.ts'
import type { SentAlert } from './format.ts'
import { createRateWindow } from './rate-window.ts'
import { openedBy, type Said, saidBy } from './service-alert-of.ts'

export interface IntakeOptions {
  readonly pipeline: string
  readonly store: Pick<Store, 'insertServiceAlerts' | 'knownServiceAlerts' | 'serviceAlertTimes'>
  readonly now: () => number
  /** Of one kind and model. */
  readonly ratePerMinute: () => number
  /** Gets what was stored, so that nobody has to read it back. */
  readonly onStored: (alerts: readonly ServiceAlert[]) => void
}

export type Accepted =
  | {
      readonly status: 'accepted' | 'duplicate'
      /** Null where an end was told of what is not open. */
      readonly incidentId: string | null
    }
  | { readonly status: 'rate_limited'; readonly retryAfterMs: number }

export type Intake = ReturnType<typeof createIntake>

/** Never changes: a request that is sent again is the same alert. */
const namespace = 'c2a6a5a0-3f1e-5b7c-8c0e-9b1d6f0f4a11'

/** Alerts stored in one go, and alerts that may wait for that. */
const batchSize = 500
const mostWaiting = 5_000

/** Takes alerts of other services: counts their rate, finds their incident, and stores them before anybody hears that they are accepted. */
export function createIntake({ pipeline, store, now, ratePerMinute, onStored }: IntakeOptions) {
  const rate = createRateWindow(ratePerMinute)
  let isRateKnown = false

  /** What was accepted before a restart counts too. */
  async function knowRate(): Promise<void> {
    if (isRateKnown) return
    for (const [key, at] of await store.serviceAlertTimes(pipeline, now() - minuteMs)) rate.take(key, at)
    isRateKnown = true
  }

  async function acceptAll(sent: readonly SentAlert[]): Promise<readonly Accepted[]> {
    await knowRate()
    const nowMs = now()
    const asked = sent.map(alert => ({ alert, id: idOf(pipeline, alert), said: saidBy(alert, nowMs) }))
    const known = await store.knownServiceAlerts(
      pipeline,
      asked.flatMap(({ alert, id }) => (alert.idempotency_key === undefined ? [] : [id])),
      asked.map(({ said }) => said)
    )
    const conditions = createConditions(pipeline, known)
    const counted: [string, number][] = []
    const stored: ServiceAlert[] = []
    const results = asked.map(({ alert, id, said }): Accepted => {
      const before = conditions.incidentOf.get(id)
      if (before !== undefined) return { status: 'duplicate', incidentId: before }
      const key = rateKeyOf(said)
      const passes = said.severity === 'critical' || alert.skip_rate_limit
      const retryAfterMs = passes ? 0 : rate.waitMs(key, nowMs)
      if (retryAfterMs > 0) return { status: 'rate_limited', retryAfterMs }
      const accepted = conditions.accept(said, nowMs)
      if (accepted === null) return { status: 'accepted', incidentId: null }
      if (!passes) {
        rate.take(key, nowMs)
        counted.push([key, nowMs])
      }
      conditions.incidentOf.set(id, accepted.incidentId)
      stored.push({ ...said, id, pipeline, ...accepted })
      return { status: 'accepted', incidentId: accepted.incidentId }
    })
    if (stored.length === 0) return results
    try {
      await store.insertServiceAlerts(stored)
    } catch (error) {
      for (const [key, at] of counted) rate.giveBack(key, at)
      throw error
    }
    onStored(stored)
    return results
  }

  return {
    /** In their order. Rejects with a StoreError where they cannot be stored. */
    accept: createBatches({ size: batchSize, mostWaiting, work: acceptAll }),
    /** Milliseconds until an alert of a kind and model is accepted; 0 where it is now. Rejects with a StoreError. */
    async waitMs(key: string): Promise<number> {
      await knowRate()
      return rate.waitMs(key, now())
    }
  }
}

const idOf = (pipeline: string, { kind, idempotency_key: key }: SentAlert): string =>
  key === undefined ? randomUUID() : v5(JSON.stringify([pipeline, kind, key]), namespace)

/** Which conditions are open, as alerts are accepted one after the other. */
function createConditions(pipeline: string, known: KnownServiceAlerts) {
  const open = new Map(known.open.map(one => [keyOf(one), { incidentId: one.incidentId, at: one.at }]))
  return {
    incidentOf: new Map(known.incidentOf),
    /** Null where it tells the end of what is not open. */
    accept(said: Said, nowMs: number): { readonly at: number; readonly incidentId: string } | null {
      const before = open.get(keyOf(said))
      if (said.status === 'resolved') {
        open.delete(keyOf(said))
        return before ? { incidentId: before.incidentId, at: Math.max(nowMs, before.at + 1) } : null
      }
      const at = Math.max(nowMs, (before?.at ?? 0) + 1)
      const accepted = { at, incidentId: before?.incidentId ?? openedBy(pipeline, said, at) }
      open.set(keyOf(said), accepted)
      return accepted
    }
  }
}
