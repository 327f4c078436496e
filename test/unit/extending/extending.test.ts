import { readFileSync } from 'node:fs'
import { describe, expect, test, vi } from 'vitest'
import { parse } from 'yaml'
import { kinds } from '../../../detectors/catalogue.ts'
import { createDetection } from '../../../detectors/detection.ts'
import type { Kind } from '../../../detectors/kind.ts'
import type { Anomaly, Finding } from '../../../detectors/types.ts'
import { emailMessage } from '../../../src/channel/email/message.ts'
import { pagerDutyEvent } from '../../../src/channel/pagerduty/event.ts'
import { slackMessage } from '../../../src/channel/slack/message.ts'
import { anomaliesCommand } from '../../../src/cli/anomalies.ts'
import { receiversSchema, routable } from '../../../src/config/receiver-types/receiver-types.ts'
import { defaultReceivers, defaultRoutes } from '../../../src/config/receivers-from-env.ts'
import { routesSchema } from '../../../src/config/routes.ts'
import { configSchema } from '../../../src/config/schema.ts'
import { anomalyOf } from '../../../src/incident/anomaly.ts'
import { shopMetrics } from '../../../src/metrics/catalogue.ts'
import { createShopMetrics } from '../../../src/metrics/create.ts'
import { createEvaluate } from '../../../src/metrics/evaluate.ts'
import { createRouting } from '../../../src/routing/router.ts'
import { compile, createPartial } from '../../../src/window/accumulate.ts'
import {
  alertingOn,
  createMemory,
  epoch,
  minuteMs,
  minuteOf,
  plainContext,
  recordOf,
  renderOptionsOf
} from '../../support/alerts.ts'
import { docs, kindRow, metricRow, rowsUnder } from '../../support/documented.ts'
import { shopEvent } from '../../support/shop-event.ts'
import { count, ratio } from '../detectors/feed.ts'
import { bulkRate } from './bulk-rate.ts'
import { searchDrop } from './search-drop.ts'

// The line that the guide adds to each catalogue.
vi.mock(import('../../../detectors/catalogue.ts'), async original => {
  const { searchDrop } = await import('./search-drop.ts')
  return { kinds: [...(await original()).kinds, searchDrop] as never }
})
vi.mock(import('../../../src/metrics/catalogue.ts'), async original => {
  const { bulkRate } = await import('./bulk-rate.ts')
  return { shopMetrics: [...(await original()).shopMetrics, bulkRate] }
})

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8')
const blocks = [...docs('extending.md').matchAll(/```(\w+)\n([\s\S]*?)```/g)]
const shown = (language: string) => blocks.filter(([, name]) => name === language).map(([, , text]) => text)
const config = configSchema.parse({ detectors: { metric_change: { metrics: ['bulk_rate'] } } })

/** What is found in the minutes, the last of them at `epoch`. */
function found(minutes: readonly Parameters<typeof windowOf>[1][]): readonly Finding[] {
  const { detectors, timezone } = config
  const { metrics } = createShopMetrics(config)
  const detection = createDetection({ detectors, timezone, currency: 'USD', windowMs: minuteMs, metrics })
  return minutes.flatMap((values, at) => detection.judge(windowOf(at + 1 - minutes.length, values)).findings)
}

const windowOf = (minute: number, values: Readonly<Record<string, ReturnType<typeof count>>>) => ({
  start: epoch + (minute - 1) * minuteMs,
  end: epoch + minute * minuteMs,
  complete: true,
  records: 1,
  values: new Map(Object.entries(values)),
  segments: []
})

const anomalyOfFirst = ([finding]: readonly Finding[]): Anomaly =>
  anomalyOf(finding as Finding, { pipeline: 'shop', configHash: '' }, epoch)

test('the examples of the guide are those that are run here', () => {
  expect(shown('ts')).toEqual([
    read('bulk-rate.ts').replaceAll('../../../src/metrics/', './'),
    read('search-drop.ts').replaceAll('../../../detectors/', '../')
  ])
})

test('the configuration of the guide is right', () => {
  const [watched, dimensions] = shown('yaml').map(text => configSchema.parse(parse(text as string)))
  expect(watched?.detectors.metric_change.metrics).toEqual(['bulk_rate'])
  expect(dimensions?.segments.dimensions).toContain('shipping.method')
})

describe('a kind of one file and one line', () => {
  const searches = Array.from({ length: 122 }, (_, at) => ({ searches: count(at < 120 ? 20 : 0) }))
  const anomaly = anomalyOfFirst(found(searches))
  const record = recordOf({ kind: 'search_drop', severity: 'medium', anomalies: [anomaly] })

  test('is found by the options of its section', () => {
    expect(anomaly).toMatchObject({
      kind: 'search_drop',
      severity: 'medium',
      unit: 'count',
      additive: true,
      value: 0
    })
    expect(anomaly.details).toMatch(/^0 searches in 2 minutes, usually \d\d\.$/)
    expect(configSchema.parse({ detectors: { search_drop: { drop: '60%' } } }).detectors).toMatchObject({
      search_drop: { enabled: true, drop: 0.6, minWindows: 2 }
    })
  })

  test('is routed: by name, by pattern, and to the receiver of its area', () => {
    const env = {
      SLACK_WEBHOOK_TECHNICAL: 'https://hooks.slack.com/T',
      SLACK_WEBHOOK_REVENUE: 'https://hooks.slack.com/R'
    }
    const receivers = routable(receiversSchema.parse(defaultReceivers(env)))
    const receiverBy = (routes: unknown) =>
      createRouting(routesSchema.parse(routes), receivers, plainContext)
        .to({ kind: 'search_drop', severity: 'medium', segment: 'all' }, epoch)
        .map(({ name }) => name)
    expect(receiverBy(defaultRoutes(env))).toEqual(['slack-technical'])
    const named = { match: { kind: 'search_drop' }, receiver: 'slack-revenue' }
    expect(receiverBy([named, { default: 'slack-technical' }])).toEqual(['slack-revenue'])
    const pattern = { match: { kind: 'search_*' }, receiver: 'slack-revenue' }
    expect(receiverBy([pattern, { default: 'slack-technical' }])).toEqual(['slack-revenue'])
  })

  test('is inhibited while events are missing', () => {
    const alerting = alertingOn(createMemory())
    const lossOfData = minuteOf(1, 'c', 'data_loss')
    const drop = minuteOf(1, 'm', 'search_drop')
    const verdict = {
      ...lossOfData.verdict,
      findings: [...lossOfData.anomalies, ...drop.anomalies],
      judged: ['data_loss', 'search_drop']
    }
    const { notifications } = alerting.onWindow(
      verdict,
      [...lossOfData.anomalies, ...drop.anomalies],
      epoch + minuteMs
    )
    expect(
      notifications.map(({ kind, receiver, outcome }) => `${kind} ${receiver} ${outcome}`).sort()
    ).toEqual([
      'data_loss pagerduty pending',
      'data_loss slack pending',
      'search_drop pagerduty muted',
      'search_drop slack muted'
    ])
  })

  test('is rendered with its title, its unit and its advice', () => {
    const advice =
      'Search for something yourself. Then look at the search service, and at what was deployed last.'
    const slack = JSON.stringify(slackMessage(record, renderOptionsOf()))
    expect(slack).toContain('MEDIUM: Search drop')
    expect(slack).toContain(advice)
    expect(pagerDutyEvent(record, renderOptionsOf())).toMatchObject({
      payload: {
        summary: `Search drop: ${anomaly.details}`,
        class: 'search_drop',
        custom_details: { current: '0', check_first: advice }
      }
    })
    const { text } = emailMessage(record, renderOptionsOf())
    expect(text.split('\n')).toEqual(
      expect.arrayContaining(['MEDIUM: Search drop', 'Current: 0 searches', 'Check first:', advice])
    )
  })

  test('is asked for on the command line', () => {
    const help = anomaliesCommand(() => Promise.reject(new Error('not asked'))).helpInformation()
    expect(help).toContain('search_drop')
  })

  test('is missed in the documents until they have it', () => {
    const all: readonly Kind[] = kinds
    const rows = rowsUnder(docs('detectors.md'), '| kind | what is found')
    expect(all.map(kindRow).filter(row => !rows.includes(row))).toEqual([kindRow(searchDrop)])
  })
})

describe('a metric of one file and one line', () => {
  test('is counted', () => {
    const metrics = createShopMetrics(config)
    const options = { ...metrics, rates: new Map([['USD', 1]]), orderSpanMs: 0 }
    const partial = createPartial(0, options)
    const accumulate = compile(options)
    for (const quantity of [1, 1, 1, 12])
      accumulate(partial, shopEvent(0, { type: 'purchase', typeName: 'purchase', quantity }), 0)
    const window = {
      start: 0,
      end: 60_000,
      complete: true,
      partials: [partial],
      partitions: ['shop-events/0']
    }
    expect(createEvaluate(metrics)(window).values.get('bulk_rate')).toMatchObject({
      value: 0.25,
      numerator: 1
    })
  })

  test('is watched, and shown in its unit', () => {
    const rates = Array.from({ length: 122 }, (_, at) => ({ bulk_rate: ratio(at < 120 ? 10 : 50, 100) }))
    const anomaly = anomalyOfFirst(found(rates))
    expect(anomaly).toMatchObject({
      kind: 'metric_change',
      metric: 'bulk_rate',
      unit: 'share',
      additive: false
    })
    const { text } = emailMessage(
      recordOf({ kind: 'metric_change', anomalies: [anomaly] }),
      renderOptionsOf()
    )
    expect(text).toContain('Current: 50 % (bulk_rate)')
  })

  test('is missed in the documents until they have it', () => {
    const rows = rowsUnder(docs('metrics.md'), '| metric | unit')
    expect(shopMetrics.map(metricRow).filter(row => !rows.includes(row))).toEqual([metricRow(bulkRate)])
  })
})
