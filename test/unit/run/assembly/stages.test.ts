import { describe, expect, test } from 'vitest'
import { kinds } from '../../../../detectors/catalogue.ts'
import { formatErrors } from '../../../../src/config/errors.ts'
import { loadConfig } from '../../../../src/config/load.ts'
import type { Config } from '../../../../src/config/schema.ts'
import type { Decoded } from '../../../../src/decode/types.ts'
import { createAssignmentState } from '../../../../src/ingest/assignment-state.ts'
import { incidentsSettingsOf } from '../../../../src/run/assembly/routes.ts'
import { buildStages } from '../../../../src/run/assembly/stages.ts'
import { epoch } from '../../../support/alerts.ts'
import { createRecordedLog } from '../../../support/recorded-log.ts'
import { atBeginning } from '../../../support/scripted-source.ts'

function configOf(source: string): Config {
  const loaded = loadConfig({ path: 'cartwatch.yaml', env: {}, readFile: () => source })
  if (!loaded.ok) throw new Error(formatErrors(loaded.errors))
  return loaded.config
}

const purchase = (fields: object = {}) =>
  JSON.stringify({ event_type: 'purchase', event_time: epoch, price: 10, ...fields })

/** The values of a window of these records, by the stages of a configuration. */
function valuesOf(source: string, values: readonly string[]) {
  const { decode, windows, evaluate } = buildStages(configOf(source), createRecordedLog())
  const work = createAssignmentState(windows, new Map([['t/0', atBeginning]]), epoch)
  values.forEach((value, offset) => {
    const decoded: Decoded = decode({ value: Buffer.from(value) })
    if (decoded.kind === 'event') work.partitions.get('t/0')?.add(decoded.event, offset, epoch)
  })
  const [closed] = work.closeRest()
  if (closed === undefined) throw new Error('no window')
  return evaluate(closed)
}

describe('the stages of a configuration', () => {
  test('money is summed in its currency, what has a rate is converted, and the rest is kept apart', () => {
    const { values, segments } = valuesOf('currency: EUR\nrates: { USD: 0.5 }', [
      purchase(),
      purchase({ event_time: epoch + 1, currency: 'USD', quantity: 3 }),
      purchase({ event_time: epoch + 2, currency: 'JPY' })
    ])
    expect(values.get('revenue')).toMatchObject({ value: 25, sampleSize: 2 })
    expect(values.get('orders')?.value).toBe(3)
    const foreign = segments.filter(({ dimension }) => dimension === 'currency')
    expect(foreign.map(({ metric, segment, value }) => [metric, segment, value])).toEqual([
      ['revenue', 'currency=JPY', 10]
    ])
  })

  test('windows are as configured', () => {
    const { windows } = buildStages(
      configOf('windows: { size: 5m, grace: 20s, idle: 1m, max_ahead: 9, give_up: 1h }'),
      createRecordedLog()
    )
    expect(windows).toMatchObject({
      sizeMs: 300_000,
      graceMs: 20_000,
      idleMs: 60_000,
      maxAhead: 9,
      skipAfterMs: 3_600_000
    })
  })

  test('each topic is read in its own layout, and a file in that of all', () => {
    const { decode, decodeOf } = buildStages(
      configOf(`
        events: { fields: { country: [country, cc] } }
        kafka:
          topics:
            - shop-events
            - { topic: shop-app, event_types: { bought: purchase } }
            - { topic: shop-web, layout: segment, fields: { device: context.screen.kind } }`),
      createRecordedLog()
    )
    const web = JSON.stringify({
      timestamp: epoch,
      event: 'Order Completed',
      context: { screen: { kind: 'wide' } },
      properties: { price: 10 }
    })
    const typeOf = (decoded: Decoded) =>
      decoded.kind === 'event'
        ? [decoded.event.type, decoded.event.country, decoded.event.device]
        : decoded.kind === 'dead' && decoded.reason
    const app = purchase({ event_type: 'bought', cc: 'DE' })
    expect(typeOf(decodeOf('shop-app')({ value: app }))).toEqual(['purchase', 'DE', undefined])
    expect(typeOf(decodeOf('shop-events')({ value: app }))).toEqual(['unknown', 'DE', undefined])
    expect(typeOf(decode({ value: app }))).toEqual(['unknown', 'DE', undefined])
    expect(typeOf(decodeOf('shop-web')({ value: web }))).toEqual(['purchase', undefined, 'wide'])
    expect(typeOf(decodeOf('shop-events')({ value: web }))).toBe('missing_event_time')
    expect(decodeOf('shop-app')).toBe(decodeOf('shop-app'))
  })

  test('a record larger than configured is a dead letter', () => {
    const { decode } = buildStages(configOf('events: { max_bytes: 1KiB }'), createRecordedLog())
    expect(decode({ value: purchase({ category: 'x'.repeat(1_024) }) })).toEqual({
      kind: 'dead',
      reason: 'too_large'
    })
  })

  test('every detection begins with nothing learnt', () => {
    const { newDetection } = buildStages(configOf(''), createRecordedLog())
    expect(newDetection()).not.toBe(newDetection())
    expect(
      newDetection()
        .warmup()
        .map(({ kind, windowsSeen }) => [kind, windowsSeen])
    ).toEqual(
      kinds
        .filter(({ create, kind }) => create && kind !== 'metric_change' && kind !== 'metric_anomaly')
        .map(({ kind }) => [kind, 0])
    )
  })

  test('a detector that is off is not there', () => {
    const { newDetection } = buildStages(
      configOf('detectors: { data_loss: { enabled: false } }'),
      createRecordedLog()
    )
    expect(
      newDetection()
        .warmup()
        .map(({ kind }) => kind)
    ).not.toContain('data_loss')
  })

  test('alerts that are off are decided and not sent', () => {
    expect([
      incidentsSettingsOf(configOf('alerts: off')).sending,
      incidentsSettingsOf(configOf('')).sending
    ]).toEqual([false, true])
  })
})

describe('a stream that is not the configured one', () => {
  test('is said once where purchases are in a currency without a rate', () => {
    const log = createRecordedLog()
    const { decodeOf } = buildStages(configOf('currency: USD'), log)
    for (let records = 0; records < 5_000; records++)
      decodeOf('shop-events')({ value: purchase({ currency: 'EUR' }) })
    expect(log.lines).toEqual([
      {
        level: 'warn',
        message: 'all purchases are in EUR, and currency is USD: set currency: EUR, or a rate in rates',
        fields: { topic: 'shop-events', problem: 'unknown_currency', share: 1 }
      }
    ])
  })

  test('is said from the fifth purchase on, again only if it had gone, and of a file at its end', () => {
    const log = createRecordedLog()
    const { decode, decodeOf, file } = buildStages(configOf(''), log)
    const play = (count: number, fields: object) => {
      for (let records = 0; records < count; records++) {
        decode({ value: purchase(fields) })
        decodeOf('shop-events')({ value: purchase(fields) })
      }
    }
    play(4, { price: '1,299' })
    expect(log.lines).toEqual([])
    play(1_000, { price: '1,299' })
    play(3_000, {})
    play(1_500, { price: null })
    expect(log.lines.map(({ message }) => message)).toEqual([
      'all purchases have a price that cannot be read (invalid_price, in price), for example 1,299: it could be two numbers: set events.decimal: point or comma',
      expect.stringMatching(/^\d+ % of the purchases have no price \(in price\)$/)
    ])
    expect(file.health('all').problems.map(({ what, count }) => [what, count])).toEqual([
      ['missing_price', 1_500],
      ['invalid_price', 1_004]
    ])
  })

  test('is said of each topic for itself', () => {
    const log = createRecordedLog()
    const { decodeOf } = buildStages(configOf('kafka: { topics: [web, app] }'), log)
    for (const topic of ['web', 'app', 'web'])
      for (let records = 0; records < 1_000; records++)
        decodeOf(topic)({ value: purchase({ event_type: 'click' }) })
    expect(log.lines.map(({ fields }) => [fields['topic'], fields['types']])).toEqual([
      ['web', ['click']],
      ['app', ['click']]
    ])
  })

  test('is said once where most types are unknown', () => {
    const log = createRecordedLog()
    const { decode } = buildStages(configOf(''), log)
    for (let records = 0; records < 5_000; records++) decode({ value: purchase({ event_type: 'click' }) })
    expect(log.lines.map(({ level, message }) => [level, message])).toEqual([
      [
        'warn',
        'most records have an unknown event_type: is this the right topic? (cartwatch inspect shows what is in it)'
      ]
    ])
  })

  test('is not said of the configured one', () => {
    const log = createRecordedLog()
    const { decode } = buildStages(configOf(''), log)
    for (let records = 0; records < 5_000; records++) decode({ value: purchase() })
    expect(log.lines).toEqual([])
  })
})
