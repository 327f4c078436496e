import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { zstdCompressSync } from 'node:zlib'
import { afterAll, expect, test } from 'vitest'
import { loadConfig } from '../../../src/config/load.ts'
import { inspectValues } from '../../../src/inspect/inspect.ts'
import { proposedConfig } from '../../../src/inspect/proposal.ts'
import { type Sample, sampleOf } from '../../../src/inspect/sample.ts'
import { openFile } from '../../../src/source/file.ts'
import { createSchemas } from '../../../src/source/registry/schemas.ts'
import { alone } from '../../support/alone.ts'
import { createCheckedDecode } from '../../support/decoding.ts'
import {
  matomoVisits,
  posthogBatches,
  posthogEvents,
  posthogRows,
  rudderstackCalls,
  snowplowEvents,
  snowplowLines
} from '../../support/formats/analytics.ts'
import { commercetoolsMessages, shopifyOrders, wooOrders } from '../../support/formats/shops.ts'
import {
  avroOrder,
  decimalBytes,
  framed as frameOf,
  orderAvro,
  orderProto,
  protobufOrder,
  type TestSchema
} from '../../support/schema-registry.ts'

const folder = mkdtempSync(join(tmpdir(), 'cartwatch-formats-'))
afterAll(() => rmSync(folder, { recursive: true }))

const decoding = { currency: 'USD', knownCurrencies: new Set(['USD']), maxBytes: 1_048_576 }
const start = Date.UTC(2026, 10, 21, 10)
const text = (value: unknown) => (typeof value === 'string' ? value : JSON.stringify(value))
const records = (all: readonly unknown[]) => all.map(value => Buffer.from(text(value)))
const framed = (body: string) => Buffer.concat([Buffer.from([0, 0, 0, 0, 9]), Buffer.from(body)])

/** Two purchases of 25 and a view, in the words of the contract. */
const own = [
  { event_time: start, event_type: 'page_view', session_id: 's-1' },
  { event_time: start + 1_000, event_type: 'purchase', session_id: 's-1', order_id: 'o-1', price: 25 },
  {
    event_time: start + 2_000,
    event_type: 'purchase',
    session_id: 's-2',
    order_id: 'o-2',
    price: 12.5,
    quantity: 2
  }
]
const union = (value: unknown) => (typeof value === 'string' ? { string: value } : { double: value })
const many = <T>(make: (at: number) => T): T[] => Array.from({ length: 12 }, (_, at) => make(at))

/** What the source makes of records that are framed by a serializer. */
async function throughRegistry(
  { schema, schemaType = 'AVRO' }: TestSchema,
  payloads: readonly Buffer[]
): Promise<readonly Buffer[]> {
  const kind = schemaType === 'AVRO' ? 'avro' : 'protobuf'
  const schemas = createSchemas({
    ask: async () => ({ kind, schema, references: [] }),
    clock: { now: () => 0 }
  })
  const values = payloads.map(payload => frameOf(9, payload))
  await schemas.prepare(values.map(value => ({ value })))
  return values.map(value => schemas.translate({ key: null, value }).value ?? value)
}

/** By the first cell of its row: the values of records, or the bytes of a file, that hold two purchases of 25. */
const formats: Readonly<Record<string, readonly Sample[] | { readonly file: string | Buffer }>> = {
  "cartwatch's own": records(own),
  "REES46's data sets, CSV": {
    file: [
      'event_time,event_type,product_id,category_id,category_code,brand,price,user_id,user_session',
      '2026-11-21 10:00:00 UTC,view,1,2,shoes.run,acme,25.00,7,s-1',
      '2026-11-21 10:00:01 UTC,purchase,1,2,shoes.run,acme,25.00,7,s-1',
      '2026-11-21 10:00:02 UTC,purchase,1,2,,acme,25.00,8,s-2'
    ].join('\n')
  },
  'Google Analytics 4 of BigQuery': records(
    [1, 2].map(at => ({
      event_timestamp: String(start * 1_000 + at),
      event_name: 'purchase',
      event_params: [
        { key: 'ga_session_id', value: { int_value: String(at) } },
        { key: 'currency', value: { string_value: 'USD' } }
      ],
      user_pseudo_id: `u.${at}`,
      ecommerce: { transaction_id: `o-${at}` },
      items: [{ item_id: 'p', item_category: 'shoes', price: 12.5, quantity: '2' }]
    }))
  ),
  Segment: records(
    [1, 2].map(at => ({
      type: 'track',
      event: 'Order Completed',
      messageId: `m-${at}`,
      timestamp: '2026-11-21T10:00:00Z',
      anonymousId: `a-${at}`,
      properties: { order_id: `o-${at}`, currency: 'USD', products: [{ product_id: 'p', price: 25 }] }
    }))
  ),
  'Shopify, webhooks of orders': records(
    shopifyOrders.map(order => ({
      ...order,
      line_items: order.line_items.map(line => ({ ...line, price: line.quantity === 2 ? '7.50' : '10.00' }))
    }))
  ),
  'WooCommerce, webhooks of orders': records(
    wooOrders.map(order => ({ ...order, line_items: [{ ...order.line_items[0], price: 12.5 }] }))
  ),
  'commercetools, subscriptions': records(
    commercetoolsMessages.map(message =>
      'order' in message
        ? {
            ...message,
            order: {
              ...(message.order as object),
              lineItems: [],
              totalPrice: { currencyCode: 'USD', centAmount: 2_500, fractionDigits: 2 }
            }
          }
        : message
    )
  ),
  'Snowplow enriched, JSON': records(snowplowEvents),
  'Snowplow enriched, lines of tabs': { file: snowplowLines.join('\n') },
  'PostHog, events': records(posthogEvents),
  'PostHog, export with properties as text': records(posthogRows),
  'PostHog, batches of the capture API': records(posthogBatches),
  RudderStack: records(rudderstackCalls),
  'Matomo, Live API': { file: JSON.stringify(matomoVisits) },
  "Meta's Conversions API": records(
    many(at => ({
      event_name: at < 2 ? 'Purchase' : 'ViewContent',
      event_time: start / 1_000 + at,
      event_id: `e-${at}`,
      user_data: { fbp: `fb.1.${at}` },
      custom_data: at < 2 ? { currency: 'usd', value: 25, order_id: `o-${at}` } : {}
    }))
  ),
  "Retailrocket's data set": {
    file: [
      'timestamp,visitorid,event,itemid,transactionid,price',
      ...many(
        at =>
          `${start + at},${at % 5},${at < 2 ? 'transaction' : 'view'},7,${at < 2 ? at : ''},${at < 2 ? 25 : ''}`
      )
    ].join('\n')
  },
  "Debezium's change events": records([
    ...[1, 2].map(at => ({
      before: null,
      after: { id: at, total: '25.00', customer_id: 7, created_at: start + at },
      source: { table: 'orders', ts_ms: start },
      op: 'c',
      ts_ms: start
    })),
    { before: { id: 1 }, after: null, source: { table: 'orders', ts_ms: start }, op: 'd', ts_ms: start }
  ]),
  "Maxwell's change events": records([
    ...[1, 2].map(at => ({
      database: 'shop',
      table: 'orders',
      type: 'insert',
      ts: start / 1_000,
      data: { id: at, total: '25.00', customer_id: 7, created_at: start + at }
    })),
    { database: 'shop', table: 'orders', type: 'delete', ts: start / 1_000, data: { id: 1 } }
  ]),
  "AWS DMS's change events": records([
    ...[1, 2].map(at => ({
      data: { id: at, total: '25.00', customer_id: 7, created_at: start + at },
      metadata: { timestamp: '2026-11-21T10:00:00Z', 'record-type': 'data', operation: 'insert' }
    })),
    { metadata: { timestamp: '2026-11-21T10:00:00Z', 'record-type': 'control', operation: 'create-table' } }
  ]),
  'CloudEvents, in headers': own.map(({ event_time, event_type, ...data }) => ({
    value: Buffer.from(text(data)),
    headers: {
      ce_specversion: '1.0',
      ce_id: String(event_time),
      ce_source: '/shop',
      ce_type: event_type,
      ce_time: new Date(event_time).toISOString()
    }
  })),
  'CloudEvents, structured': records(
    own.map(({ event_time, event_type, ...data }) => ({
      specversion: '1.0',
      id: String(event_time),
      source: '/shop',
      type: event_type,
      time: new Date(event_time).toISOString(),
      data
    }))
  ),
  "Kafka Connect's JSON with a schema": records(
    own.map(payload => ({ schema: { type: 'struct' }, payload }))
  ),
  'JSON in the frame of a schema registry': own.map(one => framed(text(one))),
  'Avro in the frame of a schema registry': await throughRegistry(
    { schema: JSON.stringify(orderAvro) },
    [1, 2].map(at =>
      avroOrder({
        event_type: 'purchase',
        event_time: start + at,
        order_id: at,
        session_id: `s-${at}`,
        price: decimalBytes(2_500),
        currency: 'USD'
      })
    )
  ),
  'Protobuf in the frame of a schema registry': await throughRegistry(
    { schema: orderProto, schemaType: 'PROTOBUF' },
    [1, 2].map(at =>
      protobufOrder({
        event_type: 1,
        event_time: { seconds: start / 1_000 + at },
        order_id: at,
        price: 25,
        currency: 'USD'
      })
    )
  ),
  'Avro or Protobuf without their registry': [framed('\u0002\u0006abc')],
  "Avro's JSON, with unions": records(
    own.map(one => Object.fromEntries(Object.entries(one).map(([key, value]) => [key, union(value)])))
  ),
  'flat keys with dots': records(
    [1, 2].map(at => ({
      event: 'Order Completed',
      timestamp: start + at,
      anonymousId: 'a',
      'properties.order_id': `o-${at}`,
      'properties.price': 25
    }))
  ),
  'a list in a record': records([own]),
  'JSON lines in a record': records([own.map(text).join('\n')]),
  'JSON as a text': records(own.map(one => text(text(one)))),
  CSV: {
    file: ['event_time;event_type;price', `${start};purchase;25`, `${start};purchase;25.0`].join('\r\n')
  },
  'a file of one list': { file: JSON.stringify(own, null, 2) },
  'a file of JSON without newlines': { file: own.map(text).join('') },
  'a file in UTF-16': { file: Buffer.from(`\ufeff${own.map(text).join('\n')}`, 'utf16le') },
  'a file in zstd': { file: zstdCompressSync(own.map(text).join('\n')) },
  'a Parquet file': { file: 'PAR1\u0000\u0000PAR1' }
}

async function valuesOf(
  format: readonly Sample[] | { readonly file: string | Buffer }
): Promise<readonly Sample[]> {
  if (!('file' in format)) return format
  const path = join(folder, 'file')
  writeFileSync(path, format.file)
  const values: Buffer[] = []
  await (await openFile(path, Readable.from([]))).read(value => values.push(Buffer.from(value)))
  return values
}

/** Orders and revenue of the purchases, by the configuration; the reasons where there are none. */
function readBy(source: string, values: readonly Sample[]) {
  const loaded = loadConfig({ path: 'a.yaml', env: {}, readFile: () => source })
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.errors))
  const decode = createCheckedDecode({ ...decoding, layout: loaded.config.events.layout })
  const parts = values
    .map(sampleOf)
    .map(({ value, headers }) => decode(value, headers))
    .flatMap(one => (one.kind === 'several' ? one.parts : [one]))
  const purchases = parts.flatMap(part =>
    part.kind === 'event' && part.event.type === 'purchase' ? part.event : []
  )
  const dead = parts.flatMap(part => (part.kind === 'dead' ? part.reason : []))
  return {
    purchases: purchases.length,
    revenue: purchases.reduce((sum, { amount }) => sum + (amount ?? 0), 0) / 10_000,
    dead
  }
}

const docs = readFileSync(new URL('../../../docs/events.md', import.meta.url), 'utf8')
const table = docs.slice(docs.indexOf('### Formats'), docs.indexOf('### A topic of its own layout'))
const rows = [...table.matchAll(/^\| (.+?) \| (.*?) ?\| (.+?) \|$/gm)]
  .map(([, format = '', layout = '', read = '']) => ({ format, layout: layout.replaceAll('`', ''), read }))
  .filter(({ format }) => format !== 'format')

test('every format that is tried has a row in docs/events.md', () => {
  expect(rows.map(({ format }) => format)).toEqual(Object.keys(formats))
})

/** `any` layout: those that the records happen to be written in. */
const layoutOf = (format: string, layout: string): string =>
  layout !== 'any' ? layout : format.startsWith('flat') ? 'segment' : 'native'

test.each(rows)('$format: $read', async ({ format, layout, read }) => {
  const bought = { purchases: 2, revenue: 50, dead: [] }
  const source = formats[format] ?? []
  const [, said = ''] = /`(.+?)`/.exec(read) ?? []
  if (read.startsWith('no') && 'file' in source) {
    await expect(valuesOf(source)).rejects.toThrow(said)
    return
  }
  const values = await valuesOf(source)
  const named = `events: { layout: ${layoutOf(format, layout)} }`
  if (read.startsWith('no')) expect(readBy('', values).dead).toEqual([said])
  else if (read.startsWith('yes')) expect(readBy(named, values)).toEqual(bought)
  else if (read.startsWith('with')) {
    expect(readBy(`events: { layout: ${layout}, ${said.replace(': ', ': "')}" }`, values)).toEqual(bought)
  } else {
    const inspection = inspectValues(values, decoding)
    expect(inspection.layout).toBe(layout)
    expect(readBy(proposedConfig(alone(inspection)), values)).toEqual(bought)
  }
  if (!read.startsWith('no')) {
    const proposed = proposedConfig(alone(inspectValues(values, decoding)))
    expect(readBy(proposed, values)).toMatchObject({ purchases: 2, revenue: 50 })
  }
})
