import { expect, test } from 'vitest'
import { createCounts } from '../../../src/ingest/counts.ts'
import { addToTally, type Ingested } from '../../../src/ingest/tally.ts'
import { partitionKey } from '../../../src/source/partition.ts'
import { createMetrics } from '../../../src/telemetry/metrics.ts'

async function linesOf(metrics: ReturnType<typeof createMetrics>, ...names: string[]): Promise<string[]> {
  const page = await metrics.render()
  return page.split('\n').filter(line => names.some(name => line.startsWith(`${name}{`)))
}

const counted: Ingested = { kind: 'counted' }
const late: Ingested = { kind: 'late' }
const dead = (reason: 'invalid_json' | 'undecodable_batch'): Ingested => ({ kind: 'dead', reason })

const names = [
  'cartwatch_events_total',
  'cartwatch_late_events_total',
  'cartwatch_dead_letters_total'
] as const

test('a flush adds the counts to the metrics by topic, partition and reason; a late event is an event too, a replayed one is none', async () => {
  const metrics = createMetrics({ ofProcess: false })
  const counts = createCounts(metrics)
  const count = (partition: number, ...all: readonly Ingested[]) => {
    for (const one of all) addToTally(counts.of(partitionKey('shop/events', partition)), one)
  }
  count(0, counted, counted, counted, { kind: 'replayed' })
  count(1, counted, late, dead('invalid_json'))
  count(0, dead('invalid_json'), dead('undecodable_batch'))
  expect(await linesOf(metrics, ...names)).toEqual([])
  counts.flush()
  expect((await linesOf(metrics, ...names)).sort()).toEqual([
    'cartwatch_dead_letters_total{reason="invalid_json"} 2',
    'cartwatch_dead_letters_total{reason="undecodable_batch"} 1',
    'cartwatch_events_total{topic="shop/events"} 5',
    'cartwatch_late_events_total{topic="shop/events",partition="1"} 1'
  ])
})

test('a second flush adds nothing again', async () => {
  const metrics = createMetrics({ ofProcess: false })
  const counts = createCounts(metrics)
  const tally = counts.of('t/0')
  addToTally(tally, late)
  addToTally(tally, dead('undecodable_batch'))
  counts.flush()
  counts.flush()
  addToTally(tally, counted)
  counts.flush()
  expect((await linesOf(metrics, ...names)).sort()).toEqual([
    'cartwatch_dead_letters_total{reason="undecodable_batch"} 1',
    'cartwatch_events_total{topic="t"} 2',
    'cartwatch_late_events_total{topic="t",partition="0"} 1'
  ])
})
