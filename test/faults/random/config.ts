import type { Inbox } from '../../../src/demo/inbox/inbox.ts'
import { pipelineConfig } from '../../support/pipeline.ts'
import type { ShopOptions } from '../../support/window-stream.ts'

/** Kinds that speak of the pipeline itself: when it stalled is nothing that a run without faults could tell. */
const kindsOfTheLine = ['pipeline_stalled', 'store_unavailable']

export const rates = { GBP: 1.25 }

export interface InstanceConfig {
  readonly pipeline: string
  readonly topic: string
  readonly brokers: string
  readonly group: string
  readonly shop: ShopOptions
  readonly inbox: Inbox
  readonly store: Readonly<Record<string, unknown>>
  /** `kafka.readers`. */
  readonly readers?: number | undefined
}

/** Only the log closes windows, so that what they hold is a function of it whatever happens. */
export function configOf({
  pipeline,
  topic,
  brokers,
  group,
  shop,
  inbox,
  store,
  readers = 1
}: InstanceConfig) {
  return pipelineConfig({
    pipeline,
    topic,
    brokers,
    store,
    session: '6s',
    kafka: { group, readers },
    windows: { size: `${shop.sizeMs}ms`, grace: `${shop.graceMs}ms` },
    more: {
      currency: 'USD',
      rates,
      detectors: { baseline: { warm_up: '60s' } },
      alerting: {
        repeat_after: '30s',
        retry_every: '5s',
        timeout: '3s',
        rate: { per_second: 50, burst: 50 },
        rate_per_key: 1_000,
        breaker: { pause: '5s' }
      },
      receivers: {
        slack: { type: 'slack', webhook_url: inbox.slackUrl('slack'), send_resolved: true },
        technical: { type: 'slack', webhook_url: inbox.slackUrl('technical'), send_resolved: true },
        pagerduty: { type: 'pagerduty', integration_key: inbox.pagerdutyKey, url: inbox.pagerdutyUrl }
      },
      routes: [
        { match: { kind: kindsOfTheLine }, receiver: 'technical' },
        { match: { severity: 'critical' }, receiver: 'pagerduty', continue: true },
        { default: 'slack' }
      ]
    }
  })
}
