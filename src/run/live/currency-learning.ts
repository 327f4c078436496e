import { type Ballot, type CurrencyChoice, createBallot } from '../../decode/currency/ballot.ts'
import type { ShopCurrency } from '../../decode/currency/shop-currency.ts'
import type { Decode } from '../../decode/types.ts'
import { type PartitionKey, parsePartitionKey } from '../../source/partition.ts'
import type { IngestRecord } from '../../source/record.ts'
import type { Source, SourceHandlers } from '../../source/types.ts'
import type { LearnedCurrency, Store } from '../../store/types.ts'
import type { Clock } from '../../telemetry/clock.ts'
import { messageOf } from '../../telemetry/message.ts'
import type { Logger } from '../../telemetry/types.ts'
import { hourMs, minuteMs } from '../../time/units.ts'
import { learnedOf } from '../held-lines.ts'

/** With fewer purchases the choice is made by what there is, so that a stream without any is watched too. */
const maxRecords = 1_000_000
const maxMs = hourMs
/** Purchases that are all alike are enough after it: a topic with a past gives more at once. */
const patienceMs = minuteMs
const minRecords = 20

export interface CurrencyLearningOptions {
  readonly pipeline: string
  readonly shop: ShopCurrency
  readonly undecided: (topic: string) => Decode
  readonly store: Pick<Store, 'learnedCurrency' | 'insertLearnedCurrency'>
  readonly source: Pick<Source, 'seekToPositions'>
  readonly clock: Clock
  readonly log: Logger
}

/** What is known of the currency where it is not configured; undefined where it is. */
export interface CurrencyState {
  readonly isKnown: boolean
  readonly sentence: string
}

export type CurrencyLearning = ReturnType<typeof createCurrencyLearning>

/**
 * Until the shop's currency is known, records are looked at and not ingested: nothing is counted, kept or committed. Then
 * reading begins again where it began, so that every window is counted in one currency, whatever happens meanwhile.
 */
export function createCurrencyLearning(options: CurrencyLearningOptions) {
  const { pipeline, shop, undecided, store, source, clock, log } = options
  const isConfigured = shop.isKnown()
  let ballot = createBallot()
  let records = 0
  let firstAt: number | undefined
  let isStoring = false
  let reported: string | undefined
  let known: LearnedCurrency | undefined
  const positions = new Map<PartitionKey, number>()

  function begin(): void {
    ballot = createBallot()
    records = 0
    firstAt = undefined
    positions.clear()
  }

  function settle(learned: LearnedCurrency): void {
    known = learned
    shop.settle(learned.code)
    positions.clear()
  }

  /** Nothing is an event: that is to be said, and the currency is learned at the next start. */
  const isUnusable = (waitedMs: number) =>
    waitedMs >= patienceMs && records >= minRecords && ballot.usable() === 0

  function choice(): CurrencyChoice | undefined {
    const waitedMs = firstAt === undefined ? 0 : clock.now() - firstAt
    if (records >= maxRecords || waitedMs >= maxMs || isUnusable(waitedMs)) return ballot.finalChoice()
    return waitedMs >= patienceMs ? ballot.earlyChoice() : ballot.choice()
  }

  async function keep(chosen: CurrencyChoice): Promise<void> {
    isStoring = true
    const asked = ballot
    try {
      const learned = learnedOf(chosen, clock.now())
      if (ballot.usable() > 0) await store.insertLearnedCurrency(pipeline, learned)
      const stored = (await store.learnedCurrency(pipeline)) ?? learned
      if (asked !== ballot) return
      settle(stored)
      log[chosen.kind === 'clear' ? 'info' : 'warn']({ currency: stored.code }, stored.details)
      source.seekToPositions()
    } catch (error) {
      const reason = messageOf(error)
      if (reason !== reported) log.warn({ error: reason }, 'the currency cannot be stored yet, trying again')
      reported = reason
    } finally {
      isStoring = false
    }
  }

  return {
    /** What an earlier run or another instance has learned. Rejects with the store's error. */
    async recall(): Promise<void> {
      if (shop.isKnown()) return
      const stored = await store.learnedCurrency(pipeline)
      if (stored === undefined) return
      settle(stored)
      log.info({ currency: stored.code }, stored.details)
    },
    /** To be called once a second. */
    tick(): void {
      if (shop.isKnown() || isStoring) return
      const chosen = choice()
      if (chosen !== undefined) void keep(chosen)
    },
    state(): CurrencyState | undefined {
      if (isConfigured) return undefined
      return shop.isKnown()
        ? { isKnown: true, sentence: known?.details ?? `revenue is in ${shop.code()}` }
        : { isKnown: false, sentence: waitingFor(ballot) }
    },
    begin,
    positions,
    look(topic: string): IngestRecord {
      const decode = undecided(topic)
      return function lookAt(_offset, _recordTime, { value, headers }) {
        firstAt ??= clock.now()
        records++
        ballot.add(decode(value, headers))
      }
    }
  }
}

/** In front of what ingests, while the currency is not known. */
export function lookFirst(
  { shop }: Pick<CurrencyLearningOptions, 'shop'>,
  { begin, positions, look }: CurrencyLearning,
  inner: SourceHandlers
): SourceHandlers {
  const isLearning = (key: PartitionKey) => !shop.isKnown() && inner.position(key) !== undefined
  return {
    ...inner,
    async onAssigned(from) {
      begin()
      await inner.onAssigned(from)
    },
    onRevoked() {
      begin()
      inner.onRevoked()
    },
    position: key => (isLearning(key) ? (positions.get(key) ?? inner.position(key)) : inner.position(key)),
    ingester: key => (isLearning(key) ? look(parsePartitionKey(key).topic) : inner.ingester(key)),
    moveTo(key, offset) {
      if (isLearning(key)) positions.set(key, offset)
      else inner.moveTo(key, offset)
    },
    skipDeleted(key, offset) {
      if (isLearning(key)) positions.set(key, offset)
      else inner.skipDeleted(key, offset)
    }
  }
}

const waitingFor = (ballot: Ballot): string =>
  `the currency is learned from the first 20 to 200 purchases, ${ballot.purchases()} so far: set currency to begin at once`
