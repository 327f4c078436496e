import { frameFaultHeader, frameHeadLength, isFramed } from '../../decode/envelope.ts'
import type { Clock } from '../../telemetry/clock.ts'
import { messageOf } from '../../telemetry/message.ts'
import { minuteMs } from '../../time/units.ts'
import type { SourceRecord } from '../record.ts'
import { createAskRegistry } from './client.ts'
import type { AskRegistry, ReadPayload, RegisteredSchema, RegistryAccess } from './types.ts'

/** A schema that was not there may be registered by now. */
const askAgainMs = minuteMs
/** Records that are no frames but begin like one may name any id. */
const maxSchemas = 10_000

/** Reads records that are framed by a schema registry's serializer. */
export interface Schemas {
  /**
   * Gets the schemas of these records that are not known yet, with a call of `onAnswer` after each. Rejects while the
   * registry cannot say.
   */
  prepare(records: Iterable<Pick<SourceRecord, 'value'>>, onAnswer?: () => Promise<void>): Promise<void>
  /** The record with its value as JSON; as it is where it has no frame, and with a fault where it cannot be read. */
  translate(record: SourceRecord): SourceRecord
  /** Why the schemas cannot be had, in milliseconds since then; undefined while they can. */
  fault(): { readonly since: number; readonly error: string } | undefined
}

type Reader =
  | { readonly kind: 'payload'; readonly read: ReadPayload }
  /** JSON follows the head. */
  | { readonly kind: 'json' }
  | { readonly kind: 'unknown'; readonly askedAt: number }
  | { readonly kind: 'broken' }

export interface SchemasOptions {
  readonly ask: AskRegistry
  readonly clock: Pick<Clock, 'now'>
}

export function createSchemas({ ask, clock }: SchemasOptions): Schemas {
  const readers = new Map<number, Reader>()
  let fault: ReturnType<Schemas['fault']>

  function isMissing(id: number): boolean {
    const reader = readers.get(id)
    return reader === undefined || (reader.kind === 'unknown' && clock.now() - reader.askedAt >= askAgainMs)
  }

  async function askFor(id: number): Promise<void> {
    try {
      const schema = await ask(id)
      fault = undefined
      const reader: Reader =
        schema === undefined ? { kind: 'unknown', askedAt: clock.now() } : await readerOf(schema)
      readers.delete(id)
      readers.set(id, reader)
      const [oldest] = readers.keys()
      if (readers.size > maxSchemas && oldest !== undefined) readers.delete(oldest)
    } catch (error) {
      fault = { since: fault?.since ?? clock.now(), error: messageOf(error) }
      throw error
    }
  }

  return {
    async prepare(records, onAnswer) {
      const ids = new Set<number>()
      for (const { value } of records) {
        const id = idOf(value)
        if (id !== undefined && isMissing(id)) ids.add(id)
      }
      for (const id of ids) {
        await askFor(id)
        await onAnswer?.()
      }
    },
    translate(record) {
      const { value } = record
      const id = idOf(value)
      const reader = id === undefined ? undefined : readers.get(id)
      if (value === null || reader === undefined || reader.kind === 'json') return record
      if (reader.kind === 'unknown') return faulty(record, 'unknown_schema')
      if (reader.kind === 'broken') return faulty(record, 'schema_mismatch')
      try {
        const json = JSON.stringify(reader.read(value.subarray(frameHeadLength)), withoutBytes)
        const { key, headers } = record
        return { key, ...(headers && { headers }), value: Buffer.from(json), original: value }
      } catch {
        return faulty(record, 'schema_mismatch')
      }
    },
    fault: () => fault
  }
}

async function readerOf(schema: RegisteredSchema): Promise<Reader> {
  const create = await creatorOf(schema.kind)
  if (create === undefined) return { kind: 'json' }
  try {
    return { kind: 'payload', read: create(schema) }
  } catch {
    return { kind: 'broken' }
  }
}

/** Loaded when it is first needed; undefined of what needs no reader. */
async function creatorOf(kind: RegisteredSchema['kind']) {
  switch (kind) {
    case 'avro':
      return (await import('./avro.ts')).createReadAvro
    case 'protobuf':
      return (await import('./protobuf.ts')).createReadProtobuf
    case 'json':
      return undefined
    default:
      throw kind satisfies never
  }
}

const faulty = ({ key, value, headers }: SourceRecord, fault: string): SourceRecord => ({
  key,
  value,
  headers: { ...headers, [frameFaultHeader]: fault }
})

/** The schema's id; undefined where the value has no frame. */
const idOf = (value: Buffer | null): number | undefined =>
  value !== null && value.length >= frameHeadLength && isFramed(value) ? value.readUInt32BE(1) : undefined

/** Bytes within a value as base64, as Kafka Connect's JSON has them. */
function withoutBytes(_key: string, value: unknown): unknown {
  const isBytes = typeof value === 'object' && value !== null && Reflect.get(value, 'type') === 'Buffer'
  const data: unknown = isBytes ? Reflect.get(Object(value), 'data') : undefined
  return Array.isArray(data) ? Buffer.from(data).toString('base64') : value
}

/** The schemas of a registry, or none without one. */
export const schemasOf = (access: RegistryAccess | undefined, clock: Pick<Clock, 'now'>): Schemas =>
  access === undefined ? noSchemas : createSchemas({ ask: createAskRegistry(access), clock })

/** Without a registry every record is as it is. */
export const noSchemas: Schemas = {
  prepare: async () => {},
  translate: record => record,
  fault: () => undefined
}
