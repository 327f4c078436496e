import { expect, test } from 'vitest'
import { createDetection } from '../../../detectors/detection.ts'
import type { Finding } from '../../../detectors/types.ts'
import { sentenceOf } from '../../../src/channel/message/details.ts'
import { detectorsSchema } from '../../../src/config/detectors.ts'
import { inEnglish, translator } from '../../../src/language/translator.ts'
import { anomalyOfStored, storedAnomaly } from '../../../src/store/tables/anomaly-json.ts'
import { streamOf } from '../../generators/streams.ts'
import { windowMetricsOf } from '../../generators/window-metrics.ts'
import { anomalyAt } from '../../support/alerts.ts'
import { englishIn } from '../../support/english-left.ts'

/** What is found in a shop with incidents of every kind, one finding for each kind and form of its sentence. */
function findings(): readonly Finding[] {
  const stream = streamOf('producer', {
    seed: 3,
    ordersPerMinute: 20,
    days: 4,
    incidents: true,
    kinds: [
      ...(['payment_outage', 'bot_flood', 'checkout_bug', 'missing_prices', 'producer_stops'] as const),
      ...(['flash_sale', 'category_outage', 'country_outage', 'method_outage', 'price_bug'] as const)
    ]
  })
  const detection = createDetection({
    detectors: detectorsSchema.parse({ metric_change: { metrics: ['revenue', 'visits'] } }),
    windowMs: 60_000,
    timezone: 'UTC',
    currency: 'USD',
    segments: { watch: ['payment_method', 'country', 'category'], top: 50 }
  })
  const found = new Map<string, Finding>()
  for (const totals of stream.minutes)
    for (const finding of detection.judge(windowMetricsOf(totals)).findings)
      found.set(`${finding.kind} ${finding.said?.map(({ key }) => key).join()}`, finding)
  return [...found.values()]
}

test('what a detector says in phrases is its sentence in English, survives the store, and can be said in French', () => {
  const all = findings()
  expect(new Set(all.map(({ kind }) => kind)).size).toBeGreaterThan(6)
  for (const { said, details, kind, evidence } of all) {
    if (said === undefined) throw new Error(`${kind} says nothing`)
    expect(inEnglish(said)).toBe(details)
    const stored = JSON.parse(JSON.stringify(anomalyAt(1, { details, said })))
    expect(anomalyOfStored(storedAnomaly.parse(stored)).said).toEqual(said)
    const french = translator('fr').say(said) ?? ''
    // Metrics are named as the configuration names them.
    const metrics = String(evidence['metrics'] ?? '').split(', ')
    expect(
      englishIn(
        french
          .split(' ')
          .map(word => word.replace(/[.,]$/, ''))
          .filter(word => !metrics.includes(word))
          .join(' ')
      ),
      details
    ).toEqual([])
    expect(french).not.toBe('')
  }
})

test('of what another version says otherwise the English sentence is left', () => {
  const stored = JSON.parse(JSON.stringify(anomalyAt(1)))
  expect(anomalyOfStored(storedAnomaly.parse(stored)).said).toBeUndefined()
  const other = anomalyOfStored(storedAnomaly.parse({ ...stored, said: [{ text: 'x' }] }))
  expect(sentenceOf(other, { language: 'fr' })).toBe(stored.details)
})
