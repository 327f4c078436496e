import type { Placement, Recounted, RecountOptions } from './recount.ts'
import type { Fact } from './recount-facts.ts'

const knownTypes = [
  'page_view',
  'search',
  'product_view',
  'add_to_cart',
  'remove_from_cart',
  'checkout_started',
  'purchase',
  'refund',
  'repeat'
]

/** The metrics of the records of one window, from the words of docs/metrics.md. */
export function metricsOf(placed: readonly Placement[], options: RecountOptions): Recounted {
  const counted = placed.filter(({ kind }) => kind === 'counted')
  // A purchase of an order that was counted before is an event, and no purchase.
  const facts = counted.flatMap(({ fact, isRepeat }) =>
    fact === undefined ? [] : isRepeat ? { ...fact, type: 'repeat' } : fact
  )
  const ofType = (...types: string[]) => facts.filter(({ type }) => types.includes(type))
  const sessionsOf = (some: readonly Fact[]) => distinct(some.map(({ session }) => session))

  const purchases = ofType('purchase')
  const refunds = ofType('refund')
  const priced = ofType('add_to_cart', 'checkout_started', 'purchase')
  const named = facts.filter(({ id }) => id !== undefined)
  const repeats = placed.filter(({ isRepeat }) => isRepeat).length
  const late = placed.filter(({ kind }) => kind === 'late').length
  const dead = placed.filter(({ kind }) => kind === 'dead').length
  const of = totalsOf(facts, purchases.map(amountOf), options)
  const { events, orders, checkouts_started: checkouts } = of
  const carting = sessionsOf(ofType('add_to_cart'))
  const purchasing = sessionsOf(purchases)
  const visits = sessionsOf(facts)
  const revenue = sumOf(purchases.map(amountOf), options)
  const levels = levelsOf(purchases, options)
  const ages = counted.flatMap(({ fact, recordTime }) =>
    fact === undefined ? [] : Math.min(Math.max(recordTime - fact.time, 0), 86_400_000)
  )
  const share = (some: readonly unknown[], all: readonly unknown[]) => ratio(some.length, all.length)
  return {
    ...of,
    records: placed.length,
    late,
    dead,
    visits,
    visitors: distinct(facts.map(({ user }) => user)),
    product_views: ofType('product_view').length,
    searches: ofType('search').length,
    cart_removals: ofType('remove_from_cart').length,
    carting_sessions: carting,
    purchasing_sessions: purchasing,
    units:
      Number(purchases.reduce((sum, { quantity }) => sum + BigInt(Math.round(quantity * 10_000)), 0n)) /
      10_000,
    refunds: refunds.length,
    refund_rate: ratio(refunds.length, orders),
    net_revenue: Number(revenue - sumOf(refunds.map(amountOf), options)) / 10_000,
    average_order_value: ratio(Number(revenue) / 10_000, orders),
    price_level: ratio(levels.reduce((sum, level) => sum + level, 0) / 1_000, levels.length),
    conversion_rate: ratio(purchasing, visits),
    cart_abandonment_rate: carting === 0 ? null : Math.max(0, (carting - purchasing) / carting),
    checkout_success_rate: ratio(orders, checkouts),
    missing_price_rate: share(
      priced.filter(({ hasPrice }) => !hasPrice),
      priced
    ),
    negative_price_rate: share(
      priced.filter(({ isPriceNegative }) => isPriceNegative),
      priced
    ),
    invalid_price_rate: share(
      purchases.filter(({ isPriceUnread }) => isPriceUnread),
      purchases
    ),
    invalid_quantity_rate: share(
      purchases.filter(({ isQuantityNone }) => isQuantityNone),
      purchases
    ),
    invalid_currency_rate: share(
      purchases.filter(({ isCurrencyNone }) => isCurrencyNone),
      purchases
    ),
    unknown_currency_rate: share(
      purchases.filter(({ isCurrencyUnknown }) => isCurrencyUnknown),
      purchases
    ),
    missing_id_rate: share(
      facts.filter(
        ({ type, session, user, order }) =>
          (session === undefined && user === undefined) || (type === 'purchase' && order === undefined)
      ),
      facts
    ),
    unknown_type_rate: share(
      facts.filter(({ type }) => !knownTypes.includes(type)),
      facts
    ),
    invalid_rate: share(
      facts.filter(({ isFaulty }) => isFaulty),
      facts
    ),
    duplicate_rate: ratio(named.length - distinct(named.map(({ id }) => id)), named.length),
    repeated_order_rate: ratio(repeats, repeats + purchases.length),
    freshness: ratio(ages.reduce((sum, age) => sum + age, 0) / 1_000, ages.length),
    late_rate: ratio(late, events + late),
    dead_letter_rate: ratio(dead, events + late + dead),
    ...foreignRevenue(purchases, options),
    ...faultsByType(priced),
    ...segmentsOf(facts, options)
  }
}

/** The faults of each type that needs a price: missing prices wherever it came, the others where one has it. */
function faultsByType(priced: readonly Fact[]): Recounted {
  const faults = {
    missing_price_rate: (fact: Fact) => !fact.hasPrice,
    negative_price_rate: (fact: Fact) => fact.isPriceNegative,
    invalid_price_rate: (fact: Fact) => fact.isPriceUnread,
    invalid_quantity_rate: (fact: Fact) => fact.isQuantityNone,
    invalid_currency_rate: (fact: Fact) => fact.isCurrencyNone,
    unknown_currency_rate: (fact: Fact) => fact.isCurrencyUnknown
  }
  const types = Object.entries(Object.groupBy(priced, ({ type }) => type))
  return Object.fromEntries(
    types.flatMap(([type, facts = []]) =>
      Object.entries(faults).flatMap(([metric, has]) => {
        const faulty = facts.filter(has).length
        const isThere = faulty > 0 || metric === 'missing_price_rate'
        return isThere ? [[`${metric}{event_type=${type}}`, faulty / facts.length]] : []
      })
    )
  )
}

/** The mean logarithm of each order's lines, in thousandths. */
function levelsOf(purchases: readonly Fact[], options: RecountOptions): readonly number[] {
  const orders = Object.groupBy(
    purchases,
    ({ order, session, user, time }) => order ?? session ?? user ?? `${time}`
  )
  return Object.values(orders).flatMap(facts => {
    const logs = (facts ?? []).flatMap(({ lines, currency }) =>
      lines.flatMap(({ amount }) => {
        const own = inOwn({ amount, currency }, options) ?? 0n
        return own > 0n ? Math.round(1_000 * Math.log(Number(own) / 10_000)) : []
      })
    )
    return logs.length > 0 ? Math.round(logs.reduce((sum, log) => sum + log, 0) / logs.length) : []
  })
}

interface Money {
  readonly amount: number | undefined
  readonly currency: string
}

const amountOf = ({ amount, currency }: Fact): Money => ({ amount, currency })

/** The segmented metrics of some events, with the amounts that are theirs. */
function totalsOf(facts: readonly Fact[], amounts: readonly Money[], options: RecountOptions) {
  const purchases = facts.filter(({ type }) => type === 'purchase')
  return {
    events: facts.length,
    cart_adds: facts.filter(({ type }) => type === 'add_to_cart').length,
    checkouts_started: facts.filter(({ type }) => type === 'checkout_started').length,
    orders:
      distinct(purchases.map(({ order }) => order)) +
      purchases.filter(({ order }) => order === undefined).length,
    revenue: Number(sumOf(amounts, options)) / 10_000
  }
}

function segmentsOf(facts: readonly Fact[], options: RecountOptions): Recounted {
  const all: Recounted = {}
  for (const dimension of options.dimensions ?? []) {
    const fields = dimension.split(' × ')
    const valuesOf = (fact: Fact) => fact.lines.map((_, line) => segmentOf(fact, line, fields))
    const segments = new Set(facts.flatMap(fact => valuesOf(fact).flatMap(segment => segment ?? [])))
    const valued = facts.filter(fact => valuesOf(fact).some(segment => segment !== undefined))
    for (const segment of segments) {
      const own = facts.filter(fact => valuesOf(fact).includes(segment))
      const isOfLines = fields.includes('category')
      const amounts = own
        .filter(({ type }) => type === 'purchase')
        .flatMap((fact): Money[] => {
          if (!isOfLines) return [amountOf(fact)]
          const ofSegment = fact.lines.filter((_, line) => segmentOf(fact, line, fields) === segment)
          return ofSegment.map(({ amount }) => ({ amount, currency: fact.currency }))
        })
      const counted = amounts.some(money => inOwn(money, options) !== undefined)
      for (const [metric, value] of Object.entries(totalsOf(own, amounts, options))) {
        // A segment has no row of what it has nothing of; revenue of nought is something.
        if (value !== 0 || (metric === 'revenue' && counted)) all[`${metric}{${segment}}`] = value
      }
      if (dimension === 'category') all[`category_share{${segment}}`] = ratio(own.length, valued.length)
    }
  }
  return all
}

/** The segment of one of an event's lines, `country=DE × category=shoes`; undefined where a field is absent. */
function segmentOf(fact: Fact, line: number, fields: readonly string[]): string | undefined {
  const parts = fields.map(field => {
    const value =
      field === 'category'
        ? fact.lines[line]?.category
        : fact[field as 'country' | 'device' | 'payment_method']
    const name = value === undefined ? '' : nameOf(value)
    return name === '' ? undefined : `${field}=${name}`
  })
  return parts.includes(undefined) ? undefined : parts.join(' × ')
}

/** A value's name as a segment: control characters and halves of pairs are blanks, and 100 units are kept. */
function nameOf(value: string): string {
  const shown = value.replace(/[\p{Cc}\p{Cs}]+/gu, ' ').trim()
  return shown.length <= 100
    ? shown
    : shown
        .slice(0, 100)
        .replace(/[\ud800-\udbff]$/, '')
        .trim()
}

function foreignRevenue(purchases: readonly Fact[], options: RecountOptions): Recounted {
  const foreign = new Map<string, bigint>()
  for (const { amount, currency } of purchases) {
    if (amount === undefined || inOwn({ amount, currency }, options) !== undefined) continue
    foreign.set(currency, (foreign.get(currency) ?? 0n) + BigInt(amount))
  }
  return Object.fromEntries([...foreign].map(([name, sum]) => [`revenue{${name}}`, Number(sum) / 10_000]))
}

/** In ten-thousandths of the own currency; undefined without a rate. */
function inOwn({ amount, currency }: Money, options: RecountOptions): bigint | undefined {
  const rate = currency === options.currency ? 1 : options.rates?.get(currency)
  return amount === undefined || rate === undefined ? undefined : BigInt(Math.round(amount * rate))
}

const sumOf = (all: readonly Money[], options: RecountOptions) =>
  all.reduce((sum, money) => sum + (inOwn(money, options) ?? 0n), 0n)

const distinct = (all: readonly (string | undefined)[]) => new Set(all.filter(one => one !== undefined)).size

const ratio = (numerator: number, denominator: number) => (denominator === 0 ? null : numerator / denominator)
