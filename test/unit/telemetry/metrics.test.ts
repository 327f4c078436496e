import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { bandFigures } from '../../../src/run/live/show-bands.ts'
import { createMetrics } from '../../../src/telemetry/metrics.ts'
import { windowAt } from '../../support/decisions.ts'
import { promlint } from '../../support/promlint.ts'

/** The samples of the page: its lines but for comments. */
async function samples(metrics: ReturnType<typeof createMetrics>): Promise<string[]> {
  return (await metrics.render()).split('\n').filter(line => line !== '' && !line.startsWith('#'))
}

describe('the metrics', () => {
  test('show the newest window with its band, of a bounded number of metrics', async () => {
    const metrics = createMetrics({ ofProcess: false })
    const band = { state: 'judged', expected: 10, lower: 5, upper: null } as const
    const measured = { numerator: 12, denominator: 1, sampleSize: 12, squares: 0 }
    const bandsOf = (names: readonly string[]) =>
      metrics.setBands(
        bandFigures(
          windowAt(1, {
            values: new Map([['revenue', { ...measured, value: 12.5 }]]),
            bands: new Map(
              names.map(name => [
                name,
                new Map([
                  ['all', band],
                  ['country=DE', band]
                ] as const)
              ])
            )
          })
        )
      )
    bandsOf(['revenue', 'orders'])
    const shown = async () => (await samples(metrics)).filter(line => line.startsWith('cartwatch_metric'))
    expect(await shown()).toEqual([
      'cartwatch_metric_value{metric="revenue"} 12.5',
      'cartwatch_metric_expected{metric="revenue"} 10',
      'cartwatch_metric_expected{metric="orders"} 10',
      'cartwatch_metric_lower{metric="revenue"} 5',
      'cartwatch_metric_lower{metric="orders"} 5'
    ])
    bandsOf(Array.from({ length: 150 }, (_, index) => `m${index}`))
    expect(await shown()).toHaveLength(200)
    metrics.setBands(bandFigures(windowAt(2)))
    expect(await shown()).toEqual([])
  })

  test('show what the stages measured, durations in seconds', async () => {
    const metrics = createMetrics({ ofProcess: false })
    metrics.setLag('events', 0, 17)
    metrics.setLag('events', 1, 0)
    metrics.addEvents('events', 500)
    metrics.addEvents('events', 20)
    metrics.addDeadLetters('invalid_json', 2)
    metrics.addLateEvents('events', 1, 3)
    metrics.addWindowClosed(true)
    metrics.addWindowClosed(true)
    metrics.addWindowClosed(false)
    metrics.setOpenWindows(2)
    metrics.setWatermarkDelay(12_500)
    metrics.addAnomaly('revenue_drop', 'critical')
    metrics.addNotification('slack', 'sent')
    metrics.addAttempt('slack', 'retry')
    metrics.observeNotification('slack', 1_200)
    metrics.setReceivers(new Map([['slack', { waiting: 3, waitMs: 60_000, breaker: 'open' }]]))
    metrics.addHeartbeat('watch', 'sent')
    metrics.setHeartbeatAges(new Map([['watch', 45_500]]))
    metrics.setStoreQueue(4)
    metrics.setStoreUp(false)
    metrics.addStoreFailure('out_of_disk')
    metrics.setBuild('1.2.3', '24.0.0')
    metrics.setRole('standby', ['standby', 'working'])
    metrics.setOpenIncidents({ low: 0, critical: 2 })
    metrics.setEscalations([0, 2, 2])
    metrics.setReload(true, 5_000)
    metrics.setReload(false, 9_000)
    expect(await samples(metrics)).toEqual(
      expect.arrayContaining([
        'cartwatch_consumer_lag_records{topic="events",partition="0"} 17',
        'cartwatch_consumer_lag_records{topic="events",partition="1"} 0',
        'cartwatch_events_total{topic="events"} 520',
        'cartwatch_dead_letters_total{reason="invalid_json"} 2',
        'cartwatch_late_events_total{topic="events",partition="1"} 3',
        'cartwatch_windows_closed_total{complete="true"} 2',
        'cartwatch_windows_closed_total{complete="false"} 1',
        'cartwatch_escalations_active{level="0"} 1',
        'cartwatch_escalations_active{level="2"} 2',
        'cartwatch_open_windows 2',
        'cartwatch_watermark_delay_seconds 12.5',
        'cartwatch_anomalies_total{kind="revenue_drop",severity="critical"} 1',
        'cartwatch_notifications_total{receiver="slack",outcome="sent"} 1',
        'cartwatch_notification_attempts_total{receiver="slack",result="retry"} 1',
        'cartwatch_notification_latency_seconds_bucket{le="1",receiver="slack"} 0',
        'cartwatch_notification_latency_seconds_bucket{le="2.5",receiver="slack"} 1',
        'cartwatch_receiver_waiting_notifications{receiver="slack"} 3',
        'cartwatch_receiver_wait_seconds{receiver="slack"} 60',
        'cartwatch_receiver_breaker{receiver="slack"} 2',
        'cartwatch_heartbeats_total{heartbeat="watch",result="sent"} 1',
        'cartwatch_heartbeat_age_seconds{heartbeat="watch"} 45.5',
        'cartwatch_store_queue_windows 4',
        'cartwatch_store_up 0',
        'cartwatch_store_failures_total{reason="out_of_disk"} 1',
        'cartwatch_build_info{version="1.2.3",node="24.0.0"} 1',
        'cartwatch_role{role="standby"} 1',
        'cartwatch_role{role="working"} 0',
        'cartwatch_open_incidents{severity="low"} 0',
        'cartwatch_open_incidents{severity="critical"} 2',
        'cartwatch_config_last_reload_successful 0',
        'cartwatch_config_last_reload_timestamp_seconds 9',
        'cartwatch_config_last_reload_success_timestamp_seconds 5'
      ])
    )
  })

  test('of receivers and heartbeats that are gone from the configuration are gone too', async () => {
    const metrics = createMetrics({ ofProcess: false })
    metrics.setReceivers(new Map([['former', { waiting: 1, waitMs: 0, breaker: 'closed' }]]))
    metrics.setHeartbeatAges(new Map([['former', 1_000]]))
    metrics.setReceivers(new Map())
    metrics.setHeartbeatAges(new Map())
    expect((await samples(metrics)).filter(line => line.includes('former'))).toEqual([])
  })

  test('count inserts into buckets by their time', async () => {
    const metrics = createMetrics({ ofProcess: false })
    metrics.observeInsert('window_metrics', 4)
    metrics.observeInsert('window_metrics', 400)
    expect(await samples(metrics)).toEqual(
      expect.arrayContaining([
        'cartwatch_store_insert_duration_seconds_bucket{le="0.005",table="window_metrics"} 1',
        'cartwatch_store_insert_duration_seconds_bucket{le="0.5",table="window_metrics"} 2',
        'cartwatch_store_insert_duration_seconds_count{table="window_metrics"} 2'
      ])
    )
  })

  test('forget the lag of partitions that another instance reads', async () => {
    const metrics = createMetrics({ ofProcess: false })
    metrics.setLag('events', 0, 17)
    metrics.clearLag()
    expect((await samples(metrics)).filter(line => line.startsWith('cartwatch_consumer_lag'))).toEqual([])
  })

  test('of two instances in one process do not mix', async () => {
    const first = createMetrics({ ofProcess: true })
    const second = createMetrics({ ofProcess: true })
    first.addEvents('events', 5)
    expect(await second.render()).not.toContain('cartwatch_events_total{')
    expect(await second.render()).toContain('nodejs_eventloop_lag_seconds')
  })

  test('keep a label harmless, whatever a producer wrote', async () => {
    const metrics = createMetrics({ ofProcess: false })
    metrics.addEvents('a"b\n\\', 1)
    expect(await samples(metrics)).toContain('cartwatch_events_total{topic="a\\"b\\n\\\\"} 1')
  })
})

test('promtool would find nothing to say of the page, and much of a bad one', async () => {
  const metrics = createMetrics({ ofProcess: true })
  metrics.addAttempt('slack', 'retry')
  metrics.observeNotification('slack', 1)
  metrics.observeInsert('batch', 1)
  metrics.setReload(true, 0)
  const page = await metrics.render()
  expect(promlint(page)).toEqual([])
  expect(page.match(/^# TYPE cartwatch_/gm)?.length).toBeGreaterThan(25)
  const bad = ['# TYPE a_total gauge', 'a_total{le="1"} 1', '# HELP b_ms B', '# TYPE b_ms counter', 'b_ms 1']
  expect(promlint(bad.join('\n'))).toHaveLength(5)
})

test('docs/operations.md lists every metric of ours', async () => {
  const page = await createMetrics({ ofProcess: false }).render()
  const docs = readFileSync('docs/operations.md', 'utf8')
  const names = [...page.matchAll(/^# TYPE (\S+)/gm)].map(match => match[1])
  expect(names.filter(name => !new RegExp(`\`${name}[{\`]`).test(docs))).toEqual([])
})
