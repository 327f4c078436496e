import { describe, expect, test } from 'vitest'
import { createAskRegistry } from '../../../../src/source/registry/client.ts'
import { createSchemas } from '../../../../src/source/registry/schemas.ts'
import type { RegistryAccess } from '../../../../src/source/registry/types.ts'
import { createManualClock } from '../../../support/manual-clock.ts'
import {
  avroOrder,
  decimalBytes,
  framed,
  orderAvro,
  orderProto,
  protobufOrder,
  startRegistry,
  type TestSchema
} from '../../../support/schema-registry.ts'

const time = Date.UTC(2026, 10, 21, 10)
const bought = (fields: object = {}) =>
  avroOrder({
    event_type: 'purchase',
    event_time: time,
    order_id: 7,
    session_id: null,
    price: decimalBytes(1_999),
    currency: 'EUR',
    ...fields
  })

const avroSchema: TestSchema = { schema: JSON.stringify(orderAvro) }

/** What the values become with a registry of these schemas: JSON, or the fault. */
async function readWith(
  schemas: Readonly<Record<string, TestSchema>>,
  values: readonly (Buffer | null)[],
  login?: Parameters<typeof startRegistry>[1],
  access: Partial<RegistryAccess> = login ?? {}
) {
  const registry = await startRegistry(schemas, login)
  try {
    const clock = createManualClock(0)
    const own = createSchemas({ ask: createAskRegistry({ url: registry.url, ...access }), clock })
    await own.prepare(values.map(value => ({ value })))
    await own.prepare(values.map(value => ({ value })))
    const read = values.map(value => {
      const { value: bytes, headers, original } = own.translate({ key: null, value })
      if (headers !== undefined) return Object.values(headers)[0]
      if (original === undefined) return bytes
      expect(original).toBe(value)
      return JSON.parse(String(bytes)) as unknown
    })
    return { read, asked: registry.asked }
  } finally {
    await registry.stop()
  }
}

describe('records framed by a schema registry', () => {
  test('of Avro are read by their schema, which is asked for once', async () => {
    const { read, asked } = await readWith({ 7: avroSchema }, [
      framed(7, bought()),
      framed(7, bought({ session_id: 's-1', price: decimalBytes(-5), order_id: null })),
      Buffer.from('{"event_type":"purchase"}'),
      null
    ])
    expect(read).toEqual([
      {
        event_type: 'purchase',
        event_time: time,
        order_id: 7,
        session_id: null,
        price: '19.99',
        currency: 'EUR'
      },
      {
        event_type: 'purchase',
        event_time: time,
        order_id: null,
        session_id: 's-1',
        price: '-0.05',
        currency: 'EUR'
      },
      Buffer.from('{"event_type":"purchase"}'),
      null
    ])
    expect(asked).toEqual(['/schemas/ids/7'])
  })

  test('keep every digit of a whole number, and bytes as base64', async () => {
    const type = {
      type: 'record',
      name: 'R',
      fields: [
        { name: 'id', type: 'long' },
        { name: 'raw', type: 'bytes' }
      ]
    }
    // 2^53 + 1 as Avro writes it: zigzag, seven bits a byte.
    const id = Buffer.from('82808080808080 20'.replace(' ', ''), 'hex')
    const { read } = await readWith({ 1: { schema: JSON.stringify(type) } }, [
      framed(1, Buffer.concat([id, Buffer.from([4, 1, 255])]))
    ])
    expect(read).toEqual([{ id: '9007199254740993', raw: 'Af8=' }])
  })

  test('of Avro may refer to other schemas', async () => {
    const money = {
      type: 'record',
      name: 'Money',
      namespace: 'shop',
      fields: [{ name: 'amount', type: 'double' }]
    }
    const order = {
      type: 'record',
      name: 'O',
      namespace: 'shop',
      fields: [{ name: 'price', type: 'shop.Money' }]
    }
    const { read, asked } = await readWith(
      {
        3: {
          schema: JSON.stringify(order),
          references: [{ name: 'shop.Money', subject: 'shop money', version: 2 }]
        },
        'shop money/2': { schema: JSON.stringify(money) }
      },
      [framed(3, Buffer.from(new Float64Array([12.5]).buffer))]
    )
    expect(read).toEqual([{ price: { amount: 12.5 } }])
    expect(asked).toEqual(['/schemas/ids/3', '/subjects/shop%20money/versions/2'])
  })

  test('of Protobuf are read by the message that they name', async () => {
    const value = protobufOrder({
      event_type: 1,
      event_time: { seconds: time / 1_000, nanos: 5_000_000 },
      order_id: '9007199254740993',
      price: 19.5,
      currency: 'EUR',
      items: [{ sku: 'HAT', price: 19.5 }]
    })
    const { read } = await readWith({ 4: { schemaType: 'PROTOBUF', schema: orderProto } }, [framed(4, value)])
    expect(read).toEqual([
      {
        event_type: 'purchase',
        event_time: { seconds: String(time / 1_000), nanos: 5_000_000 },
        order_id: '9007199254740993',
        price: 19.5,
        currency: 'EUR',
        items: [{ sku: 'HAT', price: 19.5 }]
      }
    ])
  })

  test('of JSON Schema stay as they are', async () => {
    const value = framed(5, Buffer.from('{"event_type":"purchase"}'))
    expect((await readWith({ 5: { schemaType: 'JSON', schema: '{}' } }, [value])).read).toEqual([value])
  })

  test.each<readonly [string, Readonly<Record<string, TestSchema>>, Buffer, string]>([
    ['an id that the registry does not know', {}, framed(9, bought()), 'unknown_schema'],
    ['bytes that do not fit', { 7: avroSchema }, framed(7, Buffer.from([200, 1])), 'schema_mismatch'],
    [
      'a message that the schema does not have',
      { 4: { schemaType: 'PROTOBUF', schema: orderProto } },
      framed(4, Buffer.from([2, 10, 0])),
      'schema_mismatch'
    ],
    ['a schema that is none', { 7: { schema: '{"type":"nothing"}' } }, framed(7, bought()), 'schema_mismatch']
  ])('with %s are named', async (_, schemas, value, fault) => {
    expect((await readWith(schemas, [value])).read).toEqual([fault])
  })

  test('log in with the name and the password', async () => {
    const login = { username: 'key', password: 'planted:secret' }
    const { read } = await readWith({ 7: avroSchema }, [framed(7, bought())], login)
    expect(read).toHaveLength(1)
    await expect(
      readWith({ 7: avroSchema }, [framed(7, bought())], login, { ...login, password: 'planted-wrong' })
    ).rejects.toThrow(/answers 401: check kafka.schema_registry.username and password$/)
  })

  test('wait for a registry that is away, and say since when', async () => {
    const registry = await startRegistry({ 7: avroSchema })
    const clock = createManualClock(1_000)
    const schemas = createSchemas({ ask: createAskRegistry(registry), clock })
    const value = framed(7, bought())
    registry.state.isAway = true
    await expect(schemas.prepare([{ value }])).rejects.toThrow('answers 503')
    await clock.advance(5_000)
    await expect(schemas.prepare([{ value }])).rejects.toThrow('answers 503')
    expect(schemas.fault()).toMatchObject({ since: 1_000 })
    registry.state.isAway = false
    await schemas.prepare([{ value }])
    expect(schemas.fault()).toBeUndefined()
    expect(schemas.translate({ key: null, value }).original).toBe(value)
    await registry.stop()
    const next = framed(8, bought())
    await expect(schemas.prepare([{ value: next }])).rejects.toThrow(
      /the schema registry at http:\/\/127.0.0.1:\d+ cannot be reached: .*ECONNREFUSED/
    )
    // What is known needs no registry.
    await schemas.prepare([{ value }])
  })

  test('with an unknown id are asked for again after a minute', async () => {
    const all: Record<string, TestSchema> = {}
    const registry = await startRegistry(all)
    const clock = createManualClock(0)
    const schemas = createSchemas({ ask: createAskRegistry(registry), clock })
    const value = framed(7, bought())
    await schemas.prepare([{ value }])
    all['7'] = avroSchema
    await schemas.prepare([{ value }])
    expect(schemas.translate({ key: null, value }).headers).toBeDefined()
    await clock.advance(60_000)
    await schemas.prepare([{ value }])
    expect(schemas.translate({ key: null, value }).headers).toBeUndefined()
    await registry.stop()
  })
})
