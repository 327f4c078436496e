import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import avro from 'avsc'
import protobuf from 'protobufjs'

export interface TestSchema {
  readonly schema: string
  readonly schemaType?: 'AVRO' | 'PROTOBUF' | 'JSON'
  readonly references?: readonly {
    readonly name: string
    readonly subject: string
    readonly version: number
  }[]
}

/** A registry that answers as Confluent's does. Schemas are by id, or `subject/version` where others refer to them. */
export async function startRegistry(
  schemas: Readonly<Record<string, TestSchema>>,
  login?: { readonly username: string; readonly password: string }
) {
  const asked: string[] = []
  const state = { isAway: false }
  const expected = login && `Basic ${Buffer.from(`${login.username}:${login.password}`).toString('base64')}`
  const server = createServer((request, response) => {
    const { url = '' } = request
    asked.push(url)
    const say = (status: number, body: object) => {
      response.writeHead(status, { 'content-type': 'application/vnd.schemaregistry.v1+json' })
      response.end(JSON.stringify(body))
    }
    if (state.isAway) return say(503, { error_code: 50_003, message: 'away' })
    if (expected !== undefined && request.headers.authorization !== expected)
      return say(401, { error_code: 401, message: 'Unauthorized' })
    const [, id] = /^\/schemas\/ids\/(\d+)$/.exec(url) ?? []
    const [, subject, version] = /^\/subjects\/([^/]+)\/versions\/(\d+)$/.exec(url) ?? []
    const found = schemas[id ?? `${decodeURIComponent(subject ?? '')}/${version}`]
    if (found === undefined) return say(404, { error_code: 40_403, message: 'Schema not found' })
    return say(200, found)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    state,
    stop: () => new Promise<void>(resolve => server.close(() => resolve()))
  }
}

export const framed = (id: number, payload: Uint8Array): Buffer => {
  const head = Buffer.alloc(5)
  head.writeUInt32BE(id, 1)
  return Buffer.concat([head, payload])
}

export const orderAvro = {
  type: 'record',
  name: 'Order',
  namespace: 'shop',
  fields: [
    { name: 'event_type', type: { type: 'enum', name: 'Kind', symbols: ['purchase', 'page_view'] } },
    { name: 'event_time', type: { type: 'long', logicalType: 'timestamp-millis' } },
    { name: 'order_id', type: ['null', 'long'] },
    { name: 'session_id', type: ['null', 'string'], default: null },
    { name: 'price', type: { type: 'bytes', logicalType: 'decimal', precision: 12, scale: 2 } },
    { name: 'currency', type: 'string' }
  ]
}

/** The cents as the bytes of an integer. */
export const decimalBytes = (cents: number): Buffer => {
  const bytes = Buffer.alloc(6)
  bytes.writeIntBE(cents, 0, 6)
  return bytes
}

const orderType = avro.Type.forSchema(orderAvro as avro.Schema)
export const avroOrder = (order: object): Buffer => orderType.toBuffer(order)

export const orderProto = `syntax = "proto3";
package shop;
import "google/protobuf/timestamp.proto";
message Ignored { string name = 1; }
message Order {
  enum Kind { unknown = 0; purchase = 1; }
  Kind event_type = 1;
  google.protobuf.Timestamp event_time = 2;
  int64 order_id = 3;
  double price = 4;
  string currency = 5;
  message Line { string sku = 1; double price = 2; }
  repeated Line items = 6;
}`

const root = protobuf.parse(orderProto, { keepCase: true }).root
root.addJSON(protobuf.common.get('google/protobuf/timestamp.proto')?.nested ?? {})
/** The second message of its schema. */
export const protobufOrder = (order: object): Buffer => {
  const type = root.lookupType('shop.Order')
  return Buffer.concat([Buffer.from([2, 2]), type.encode(type.fromObject(order)).finish()])
}
