import type { Config } from '../../config/schema.ts'
import type { Delivery, ReceiverState } from '../../delivery/types.ts'
import type { Stall } from '../../selfcheck/stall.ts'
import type { ReceiverFigures } from '../../telemetry/types.ts'
import type { Component, Readiness } from '../../web/types.ts'
import { answerMs } from '../live/stages.ts'
import type { LiveState } from '../live/types.ts'

/** What /readyz reports of an instance at `nowMs`. */
export function readinessOf(
  state: LiveState,
  delivery: Pick<Delivery, 'receiver'>,
  { receivers, alerts }: Pick<Config, 'receivers' | 'alerts'>,
  nowMs: number
): Readiness {
  const isStandby = state.source.role === 'standby'
  return {
    components: {
      kafka: kafkaOf(state, nowMs),
      store: isStandby ? { status: 'standby' } : storeOf(state),
      detection: isStandby ? { status: 'standby' } : detectionOf(state),
      events: isStandby ? { status: 'standby' } : eventsOf(state),
      ...(isStandby ? {} : currencyOf(state)),
      ...(isStandby ? {} : deadLettersOf(state, nowMs))
    },
    receivers: Object.fromEntries(
      [...receivers.keys()].map(name => [name, alerts ? receiverOf(delivery.receiver(name)) : off])
    )
  }
}

/** With every detail masked: what a broker, the store or a receiver answered may hold anything. */
export function maskedReadiness(
  { components, receivers }: Readiness,
  mask: (text: string) => string
): Readiness {
  const masked = (parts: Readiness['components']) =>
    Object.fromEntries(
      Object.entries(parts).map(([name, part]) => [
        name,
        part.detail === undefined ? part : { ...part, detail: mask(part.detail) }
      ])
    )
  return { components: masked(components), receivers: masked(receivers) }
}

const off: Component = { status: 'ok', detail: 'alerts: off, nothing is sent' }

export function receiverOf({ waiting, nextAt, breaker, last }: ReceiverState): Component {
  const wait = waiting === 1 ? '1 notification waits' : `${waiting} notifications wait`
  const until = nextAt === null ? '' : `, the next may go at ${new Date(nextAt).toISOString()}`
  const waits = `${wait}${until}${breaker === 'closed' ? '' : `, breaker ${breaker.replace('_', ' ')}`}`
  if (last === undefined) return { status: 'ok', detail: `nothing sent yet, ${waits}` }
  const detail = `${waits}; the last one: ${last.outcome}, ${last.answer}`
  return { status: last.outcome === 'sent' ? 'ok' : 'failed', detail }
}

/** The receivers at `nowMs`, for the metrics. */
export const receiverFigures = (
  receivers: readonly string[],
  delivery: Pick<Delivery, 'receiver'>,
  nowMs: number
): ReadonlyMap<string, ReceiverFigures> =>
  new Map(
    receivers.map(name => {
      const { waiting, nextAt, breaker } = delivery.receiver(name)
      return [name, { waiting, waitMs: nextAt === null ? 0 : Math.max(0, nextAt - nowMs), breaker }]
    })
  )

function kafkaOf({ source, stall }: LiveState, nowMs: number): Component {
  const { answeredAt, role, lastError, lag, faults } = source
  if (answeredAt !== undefined && nowMs - answeredAt > answerMs) {
    return {
      status: 'failed',
      detail: `no answer for ${Math.round((nowMs - answeredAt) / 1_000)} s: ${lastError ?? 'unknown'}`
    }
  }
  const fault = faults.find(({ cause, since }) => cause === 'topic_missing' || nowMs - since > answerMs)
  if (fault !== undefined && role !== 'standby') {
    const { cause, since, subject, error } = fault
    const why = error ?? lastError ?? 'unknown'
    return {
      status: 'failed',
      detail: subject === undefined ? why : `${subject}: ${why}`,
      reason: cause,
      since: new Date(since).toISOString()
    }
  }
  switch (role) {
    case 'standby':
      return { status: 'standby', detail: 'another instance works' }
    case 'joining':
      return { status: 'waiting', detail: lastError ?? 'joining the group' }
    case 'restoring':
      return { status: 'waiting', detail: lastError ?? 'finding its offsets' }
    case 'working': {
      if (stall !== undefined && lastingCauses.has(stall.cause)) return stalledOf(stall)
      const records = [...lag.values()].reduce((sum, one) => sum + one, 0)
      return { status: 'ok', detail: `${records} records behind${stall ? `, stalled: ${stall.cause}` : ''}` }
    }
    default:
      throw role satisfies never
  }
}

/** Stalls in which windows do not come through, though Kafka answers and the store takes rows. */
const lastingCauses: ReadonlySet<Stall['cause']> = new Set([
  'partition_holds',
  'memory_full',
  'nothing_closes',
  'windows_wait'
])

const stalledOf = ({ cause, since, subject = 'windows wait', lag }: Stall): Component => ({
  status: 'failed',
  detail:
    cause === 'windows_wait'
      ? `closed windows wait for ${subject}`
      : `no window closes: ${subject}, ${lag} records behind`,
  reason: cause,
  since: new Date(since).toISOString()
})

/** Shown only where it is not configured. */
function currencyOf({ currency, source }: LiveState): Readiness['components'] {
  if (currency === undefined || source.role !== 'working') return {}
  return { currency: { status: currency.isKnown ? 'ok' : 'warming_up', detail: currency.sentence } }
}

/** Shown only where dead letters cannot be kept. */
function deadLettersOf({ deadLetters }: LiveState, nowMs: number): Readiness['components'] {
  if (deadLetters === undefined || nowMs - deadLetters.since <= answerMs) return {}
  const { since, error } = deadLetters
  const detail = `cannot be kept, so nothing is committed: ${error ?? 'no answer'}`
  return {
    dead_letters: {
      status: 'failed',
      detail,
      reason: 'dead_letters_refused',
      since: new Date(since).toISOString()
    }
  }
}

/** A write that takes longer is shown: the store works, but is not healthy. */
const slowWriteMs = 1_000

function storeOf({ storeFailure, storeWriteMs, waiting, source }: LiveState): Component {
  if (storeFailure !== undefined) {
    const { reason, error, since } = storeFailure
    const detail = `${reason}: ${waiting} windows wait: ${error}`
    return { status: 'failed', detail, reason, since: new Date(since).toISOString(), waiting }
  }
  if (source.role !== 'working') return { status: 'waiting', detail: 'not asked yet' }
  if (storeWriteMs < slowWriteMs) return { status: 'ok' }
  const seconds = (storeWriteMs / 1_000).toFixed(1)
  return { status: 'ok', detail: `slow: the last write took ${seconds} s`, waiting }
}

/** Whether what is read can be used: an instance that reads nothing but dead letters watches nothing. */
function eventsOf({ topics }: LiveState): Component {
  const read = [...topics].filter(([, { records }]) => records > 0)
  const said = read.flatMap(([topic, { problems }]) =>
    problems.map(({ sentence }) => (topics.size > 1 ? `${topic}: ${sentence}` : sentence))
  )
  const detail = said.length === 0 ? {} : { detail: said.join('; ') }
  if (read.length === 0 || read.some(([, { isUsable }]) => isUsable)) return { status: 'ok', ...detail }
  return { status: 'failed', reason: 'nothing_usable', ...detail }
}

function detectionOf({ detection }: LiveState): Component {
  if (detection === undefined) return { status: 'warming_up', detail: 'no window closed yet' }
  const cold = detection.warmup().filter(({ windowsSeen, windowsNeeded }) => windowsSeen < windowsNeeded)
  if (cold.length === 0) return { status: 'ok' }
  const worst = cold.map(({ kind, windowsSeen, windowsNeeded }) => `${kind} ${windowsSeen}/${windowsNeeded}`)
  return { status: 'warming_up', detail: worst.join(', ') }
}
