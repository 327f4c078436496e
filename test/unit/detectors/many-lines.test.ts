import { expect, test } from 'vitest'
import { createDetection } from '../../../detectors/detection.ts'
import { normal, poisson, uniformOf } from '../../../producer/random.ts'
import { createEvaluate } from '../../../src/metrics/evaluate.ts'
import { compile, createPartial } from '../../../src/window/accumulate.ts'
import { detectorDefaults } from '../../support/detector-defaults.ts'
import { ingestOptions, plainMetrics } from '../../support/ingest-options.ts'
import { shopEvent } from '../../support/shop-event.ts'

const minuteMs = 60_000
const startMs = Date.UTC(2026, 8, 7)

/** What is found of orders at a constant rate, each of many lines at prices that the order has in common. */
function foundOf(seed: number, days: number, isOneRecord: boolean) {
  const uniform = uniformOf(seed, 'orders of many lines')
  const options = ingestOptions({})
  const accumulate = compile(options)
  const evaluate = createEvaluate(plainMetrics)
  const detection = createDetection({
    detectors: detectorDefaults,
    windowMs: minuteMs,
    timezone: 'UTC',
    currency: 'EUR'
  })
  let order = 0
  return Array.from({ length: days * 1_440 }, (_, minute) => {
    const start = startMs + minute * minuteMs
    const partial = createPartial(start, options)
    for (let left = poisson(uniform, 0.5); left > 0; left -= 1) {
      order += 1
      const level = Math.exp(3 + 0.9 * normal(uniform))
      const lines = Array.from({ length: Math.ceil(15 * Math.exp(0.9 * normal(uniform))) }, () => ({
        productId: undefined,
        category: undefined,
        amount: Math.ceil(1_000 * level * Math.exp(0.6 * normal(uniform))),
        quantity: 1
      }))
      const common = { type: 'purchase' as const, orderId: `o${order}`, sessionId: `s${order}` }
      const amount = lines.reduce((sum, line) => sum + line.amount, 0)
      const records = isOneRecord
        ? [{ ...common, lines, amount }]
        : lines.map(line => ({ ...common, ...line }))
      for (const record of records) accumulate(partial, shopEvent(start, record), start)
    }
    const window = { start, end: start + minuteMs, complete: true, partials: [partial], partitions: ['t/0'] }
    return detection.judge(evaluate(window)).findings
  })
    .flat()
    .filter(({ severity }) => severity !== 'low')
    .map(({ kind, details }) => `${kind}: ${details}`)
}

test.each([true, false])(
  'orders of many lines that come by chance raise nothing; in one record: %s',
  isOneRecord => {
    expect(foundOf(3, 2, isOneRecord)).toEqual([])
  }
)
