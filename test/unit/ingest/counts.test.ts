import { expect, test } from 'vitest'
import { createCounts } from '../../../src/ingest/counts.ts'
import { createMetrics } from '../../../src/telemetry/metrics.ts'

async function linesOf(metrics: ReturnType<typeof createMetrics>, ...names: string[]): Promise<string[]> {
  const page = await metrics.render()
  return page.split('\n').filter(line => names.some(name => line.startsWith(`${name}{`)))
}
const names = [
  'cartwatch_events_total',
  'cartwatch_late_events_total',
  'cartwatch_dead_letters_total'
] as const

test('sums are handed on at a flush, by topic, partition and reason; a late event is an event, too', async () => {
  const metrics = createMetrics({ ofProcess: false })
  const counts = createCounts(metrics)
  const first = counts.of('shop/events/0')
  const second = counts.of('shop/events/1')
  for (let events = 0; events < 3; events++) first.event()
  second.event()
  second.late()
  second.dead('invalid_json')
  first.dead('invalid_json')
  first.dead('null_value')
  expect(await linesOf(metrics, ...names)).toEqual([])
  counts.flush()
  expect((await linesOf(metrics, ...names)).sort()).toEqual([
    'cartwatch_dead_letters_total{reason="invalid_json"} 2',
    'cartwatch_dead_letters_total{reason="null_value"} 1',
    'cartwatch_events_total{topic="shop/events"} 5',
    'cartwatch_late_events_total{topic="shop/events",partition="1"} 1'
  ])
})

test('what was handed on is not counted again', async () => {
  const metrics = createMetrics({ ofProcess: false })
  const counts = createCounts(metrics)
  counts.of('t/0').late()
  counts.of('t/0').dead('null_value')
  counts.flush()
  counts.flush()
  counts.of('t/0').event()
  counts.flush()
  expect((await linesOf(metrics, ...names)).sort()).toEqual([
    'cartwatch_dead_letters_total{reason="null_value"} 1',
    'cartwatch_events_total{topic="t"} 2',
    'cartwatch_late_events_total{topic="t",partition="0"} 1'
  ])
})
