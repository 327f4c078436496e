import { Command, Option } from '@commander-js/extra-typings'
import { parseDuration, parseShare } from '../../detectors/rules/units.ts'
import { baskets } from '../../producer/basket.ts'
import { gpuScenarios } from '../../producer/gpu/plan.ts'
import { layouts } from '../../producer/layouts/layout.ts'
import { scenarios } from '../../producer/plan.ts'
import { defaultShop } from '../../producer/shop.ts'
import { overview } from './overview.ts'
import { parser, wholeNumber } from './parse.ts'

export const parseStart = parser('a time such as 2026-01-05T08:00:00Z', text =>
  /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?$/.test(text)
    ? Date.parse(text)
    : undefined
)

export const parseSpan = parser('a duration such as 90m, 6h or 7d', text => parseDuration(text) || undefined)

export const parseSeed = wholeNumber(0, 999_999_999_999_999, 'a whole number, 0 or more')

const parsePositive = parser('a number above 0', text => {
  const number = Number(text)
  return number > 0 && Number.isFinite(number) ? number : undefined
})

export const parseSpeed = parser(
  'a speed such as 1x or 60x',
  text => Number(/^(\d+(?:\.\d+)?)x?$/.exec(text)?.[1]) || undefined
)

export const parseDepth = parser('a share such as 80% or 0.8', text => {
  const depth = parseShare(text) ?? 0
  return depth > 0 && depth <= 20 ? depth : undefined
})

export const parseTopic = parser('a Kafka topic: letters, digits, dots, - and _', text =>
  /^(?!\.{1,2}$)[\w.-]{1,249}$/.test(text) ? text : undefined
)

export const parseCurrency = parser('a currency of ISO 4217 such as EUR', text =>
  /^[A-Z]{3}$/.test(text) ? text : undefined
)

/** Minutes east of UTC from `+02:00`. */
export const parseOffset = parser('an offset from UTC such as +02:00', text => {
  const [, sign, hours, minutes] = /^([+-])(\d{2}):([0-5]\d)$/.exec(text) ?? []
  const offset = Number(hours) * 60 + Number(minutes)
  if (!(offset <= 14 * 60)) return undefined
  return sign === '-' ? -offset : offset
})

/** What `cartwatch produce` takes. Times in milliseconds. */
export const produceLine = () =>
  new Command('produce')
    .description(overview.produce.summary)
    .addOption(
      new Option('--scenario <name>', 'the incident that the stream contains')
        .choices([...scenarios, ...gpuScenarios])
        .default('steady' as const)
    )
    .option(
      '--seed <number>',
      'the seed that determines the shop, its visitors and the incident',
      parseSeed,
      1
    )
    .option(
      '--start <time>',
      'first event time (default: the stream ends now, or with --speed 1x begins now)',
      parseStart
    )
    .option('--duration <span>', 'length in event time (default: 6h, of GPUs 30d)', parseSpan)
    .option(
      '--orders-per-minute <number>',
      `average over a week (default: ${defaultShop.ordersPerMinute})`,
      parsePositive
    )
    .option('--incident-after <span>', 'time from the start to the incident (default: random)', parseSpan)
    .option(
      '--incident-length <span>',
      'length of the incident (default: random, 15 to 30 minutes; slow_leak 3h)',
      parseSpan
    )
    .option(
      '--depth <share>',
      'depth of the incident (default: random, 60% to 100%; duplicate_flood and late_burst 20% to 60%, slow_leak 40%)',
      parseDepth
    )
    .option(
      '--segment <dimension=value>',
      'the segment that the incident hits, see below (default: random, with at least a tenth of the shop)'
    )
    .option(
      '--timezone-offset <offset>',
      "timezone of the shop's daily curve, such as +02:00 (default: UTC)",
      parseOffset
    )
    .addOption(
      new Option('--basket <name>', 'what an order is made of: dozens of small lines, or cartons of many')
        .choices(baskets)
        .default('usual' as const)
    )
    .option('--currency <code>', 'the currency of the prices', parseCurrency, 'USD')
    .addOption(
      new Option('--layout <name>', 'the layout of the records').choices(layouts).default('native' as const)
    )
    .option('--to <target>', 'a file (.gz compresses), - for standard output, or kafka', '-')
    .option('--topic <name>', 'the Kafka topic (default: shop-events, or gpu-usage)', parseTopic)
    .option('--config <file>', 'the configuration file that names the brokers (default: cartwatch.yaml)')
    .option('--brokers <list>', 'brokers instead of the configured ones, comma-separated')
    .option(
      '--partitions <number>',
      'partitions of the topic if it is created',
      wholeNumber(1, 9_999, 'a whole number from 1 to 9999'),
      4
    )
    .option('--force', 'add to a topic that already has records, overwrite a file', false)
    .option(
      '--speed <factor>',
      'event time per real time, such as 60x (default: as fast as possible)',
      parseSpeed
    )
    .option('--rate <number>', 'events a second', parsePositive)
    .option(
      '--labels <file>',
      'write the incidents to this file, each when it begins: kind, start, end, depth, segment'
    )

export type ProduceOptions = ReturnType<ReturnType<typeof produceLine>['opts']>
