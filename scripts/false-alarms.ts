import { parseArgs } from 'node:util'
import Table from 'cli-table3'
import { median } from 'simple-statistics'
import { type Basket, baskets } from '../producer/basket.ts'
import { type IncidentKind, incidentKinds } from '../producer/incident.ts'
import { type CauseMessages, messagesLine } from '../src/demo/messages-per-cause.ts'
import type { IncidentScore } from '../src/demo/score.ts'
import { type MarketWeekName, marketWeeks } from '../test/generators/market-day.ts'
import {
  type Measured,
  type MeasuredAlerting,
  measureAlerting,
  measureStream
} from '../test/generators/measure.ts'
import { type Generator, streamOf, type WeeksName, weeksNames } from '../test/generators/streams.ts'

const usage = `Measures the shipped detectors on weeks of simulated shops.

  node scripts/false-alarms.ts [--generator producer|market] [--weeks 4] [--orders 5,50,500] [--seeds 1-5]
                               [--incidents] [--kinds KIND,KIND] [--wander 10] [--week usual] [--growth 0]
                               [--basket usual|grocery|wholesale] [--shop steady|promotions|abroad] [--list]

A false alarm is an episode of one kind, of medium severity or above, gaps under 30 minutes joined, whose span touches
no incident or the 10 minutes after it. The producer's weeks are steady unless --incidents is given, its level wanders
within --wander percent; the market's are of 1, 2 and 6 orders a minute, with summer time beginning and a promotion
day. --basket is what the orders of the producer's shop are made of: dozens of small lines of a grocer, or cartons of a
wholesaler. --shop is what its weeks are like: steady, with three days of a sale and refunds days after them, or with
visitors from abroad who come at night and rarely buy. Without --basket and --shop each basket and each kind of weeks is
measured. The market's --week is one of ${Object.keys(marketWeeks).join(', ')};
--growth is in percent a week. --kinds are those of the producer's incidents (default: the demo's), one or more of
${incidentKinds.join(', ')}. --list names each false alarm and each missed incident.

With --incidents the alerting runs too, for a Slack webhook and a Slack bot that get everything and a pager for what is
critical: incidents, pages and messages per cause, those above low severity; an edited message of a bot counts once, its
replies apart; how many incidents were told as over, to anyone, while their fault lasted; how many causes were paged again
after their page was resolved, or after their end. --list names those too.`

const { values } = parseArgs({
  options: {
    generator: { type: 'string', default: 'producer' },
    weeks: { type: 'string', default: '4' },
    orders: { type: 'string' },
    seeds: { type: 'string', default: '1-5' },
    incidents: { type: 'boolean', default: false },
    kinds: { type: 'string' },
    wander: { type: 'string', default: '10' },
    week: { type: 'string', default: 'usual' },
    growth: { type: 'string', default: '0' },
    basket: { type: 'string' },
    shop: { type: 'string' },
    list: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false }
  }
})

interface MeasuredShop {
  readonly basket: Basket
  readonly weeks: WeeksName
  /** Orders a minute. */
  readonly sizes: readonly number[]
}

const { generator, weeks, week, basket = 'usual', shop = 'steady' } = values
const sizes = values.orders?.split(',').map(Number)
const seeds = seedsOf(values.seeds)
const days = Math.round(Number(weeks) * 7)
const wander = Number(values.wander) / 100
const kinds = values.kinds?.split(',').filter(isKind)
const growth = 1 + Number(values.growth) / 100
if (
  values.help ||
  !isGenerator(generator) ||
  !(days > 0) ||
  !(wander >= 0) ||
  !(growth > 0) ||
  !isWeek(week) ||
  !isBasket(basket) ||
  !isWeeks(shop) ||
  kinds?.length !== values.kinds?.split(',').length ||
  sizes?.every(size => size > 0) === false ||
  !seeds
) {
  console.log(usage)
  process.exit(values.help ? 0 : 1)
}

/** By default of the producer. */
const allShops: readonly MeasuredShop[] = [
  { basket: 'usual', weeks: 'steady', sizes: [5, 50, 500] },
  { basket: 'grocery', weeks: 'steady', sizes: [5, 20, 50, 500] },
  { basket: 'wholesale', weeks: 'steady', sizes: [1, 5, 50] },
  { basket: 'usual', weeks: 'promotions', sizes: [5, 50] },
  { basket: 'usual', weeks: 'abroad', sizes: [5, 50] }
]
const isChosen = generator === 'market' || values.basket !== undefined || values.shop !== undefined
const usualSizes = generator === 'market' ? [1, 2, 6] : [5, 50, 500]
const shops = isChosen ? [{ basket, weeks: shop, sizes: sizes ?? usualSizes }] : allShops

const style = { head: [], border: [], compact: true }
const alarms = new Table({
  style,
  head: ['shop', 'orders a minute', 'false alarms a week', 'by seed', 'by kind, in all']
})
const found = new Table({
  style,
  head: ['shop', 'orders a minute', 'incident', 'found', 'median delay', 'longest', 'first kinds']
})
const causes: CauseMessages[] = []
for (const one of shops) {
  for (const ordersPerMinute of sizes ?? one.sizes) measureShop(one, ordersPerMinute, seeds, generator, week)
}
console.log(alarms.toString())
if (found.length > 0) console.log(found.toString())
if (values.incidents) console.log(messagesLine(causes))

function measureShop(
  { basket, weeks }: MeasuredShop,
  ordersPerMinute: number,
  seeds: readonly number[],
  generator: Generator,
  week: MarketWeekName
): void {
  const name = generator === 'market' ? 'market' : weeks === 'steady' ? basket : weeks
  const measured = seeds.map(seed => {
    const { incidents } = values
    const own = { incidents, wander, week, growth, basket, weeks, ...(kinds ? { kinds } : {}) }
    const stream = streamOf(generator, { seed, ordersPerMinute, days, ...own })
    const alerting = values.incidents ? measureAlerting(stream) : undefined
    const one = alerting ?? measureStream(stream)
    process.stderr.write(
      `${name}, ${ordersPerMinute} orders a minute, seed ${seed}: ${one.falseAlarmsAWeek.toFixed(2)}\n`
    )
    if (values.list) list(one)
    if (alerting) takeCauses(alerting)
    return one
  })
  const perWeek = measured.map(({ falseAlarmsAWeek }) => falseAlarmsAWeek)
  alarms.push([
    name,
    ordersPerMinute,
    (perWeek.reduce((sum, value) => sum + value, 0) / perWeek.length).toFixed(2),
    perWeek.map(value => value.toFixed(2)).join(' '),
    counted(measured.flatMap(({ score }) => score.falseAlarms.map(({ kind }) => kind)))
  ])
  const incidents = measured.flatMap(({ score }) => score.incidents)
  for (const kind of [...new Set(incidents.map(({ label }) => label.kind))].sort()) {
    const own = incidents.filter(({ label }) => label.kind === kind)
    found.push([name, ordersPerMinute, kind, ...delays(own)])
  }
}

function delays(incidents: readonly IncidentScore[]): string[] {
  const minutes = incidents.flatMap(({ delayMs }) => (delayMs === undefined ? [] : [delayMs / 60_000]))
  const kinds = incidents.flatMap(({ foundBy }) => foundBy ?? [])
  const spread =
    minutes.length > 0
      ? [`${median(minutes).toFixed(1)} min`, `${Math.max(...minutes).toFixed(1)} min`]
      : ['', '']
  return [`${minutes.length} of ${incidents.length}`, ...spread, counted(kinds)]
}

function counted(names: readonly string[]): string {
  const counts = new Map<string, number>()
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
  return [...counts].map(([name, count]) => `${name} ${count}`).join(', ') || 'none'
}

function span(startMs: number, endMs: number): string {
  return `${new Date(startMs).toISOString()} to ${new Date(endMs).toISOString()}`
}

function list({ score }: Measured): void {
  for (const { kind, severity, startMs, endMs } of score.falseAlarms) {
    process.stderr.write(`  false: ${kind} ${severity} ${span(startMs, endMs)}\n`)
  }
  for (const { label, foundBy, kinds } of score.incidents) {
    if (foundBy) continue
    process.stderr.write(
      `  missed: ${label.kind} ${span(label.startMs, label.endMs)}, raised: ${counted(kinds)}\n`
    )
  }
}

function takeCauses({ causes: own }: MeasuredAlerting): void {
  causes.push(...own)
  process.stderr.write(`  ${messagesLine(own)}\n`)
  if (!values.list) return
  for (const { label, webhook, bot, overTooEarly, isPagedAgain } of own) {
    const what = [
      ...(webhook > 2 ? [`${webhook} messages by a webhook`] : []),
      ...(bot > 1 ? [`${bot} by a bot`] : []),
      ...overTooEarly.map(
        ({ kind, resolvedAt }) => `${kind} over at ${new Date(resolvedAt ?? 0).toISOString()}`
      ),
      ...(isPagedAgain ? ['paged again'] : [])
    ]
    if (what.length > 0)
      process.stderr.write(`  ${label.kind} ${span(label.startMs, label.endMs)}: ${what.join(', ')}\n`)
  }
}

function isKind(name: string): name is IncidentKind {
  return incidentKinds.some(kind => kind === name)
}

function isBasket(name: string): name is Basket {
  return baskets.some(basket => basket === name)
}

function isWeeks(name: string): name is WeeksName {
  return weeksNames.some(weeks => weeks === name)
}

function isGenerator(name: string): name is Generator {
  return name === 'producer' || name === 'market'
}

function isWeek(name: string): name is MarketWeekName {
  return Object.hasOwn(marketWeeks, name)
}

function seedsOf(text: string): readonly number[] | undefined {
  const match = /^(\d+)(?:-(\d+))?$/.exec(text)
  const first = Number(match?.[1])
  const last = Number(match?.[2] ?? match?.[1])
  if (!match || last < first) return undefined
  return Array.from({ length: last - first + 1 }, (_, index) => first + index)
}
