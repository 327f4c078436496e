import avro from 'avsc'
import { dayMs } from '../../time/units.ts'
import type { ReadPayload, RegisteredSchema } from './types.ts'

/** Whole numbers as numbers while they are exact, else as text, so that ids keep their digits. */
const longs = avro.types.LongType.__with({
  fromBuffer: (bytes: Buffer) => exact(bytes.readBigInt64LE()),
  toBuffer(value: number | string) {
    const bytes = Buffer.alloc(8)
    bytes.writeBigInt64LE(BigInt(value))
    return bytes
  },
  fromJSON: (value: number | string) => value,
  toJSON: (value: number | string) => value,
  isValid: (value: unknown) => typeof value === 'number' || typeof value === 'string',
  compare: (one: number | string, other: number | string) => Number(BigInt(one) - BigInt(other))
})

const exact = (value: bigint): number | string =>
  Number.isSafeInteger(Number(value)) ? Number(value) : String(value)

/** Avro's decimals: an integer of two's complement, with the schema's scale. */
class DecimalText extends avro.types.LogicalType {
  readonly #scale: number

  constructor(schema: avro.Schema, options?: unknown) {
    super(schema, options)
    this.#scale = Number(Reflect.get(Object(schema), 'scale') ?? 0)
  }

  protected override _fromValue(bytes: Buffer): string {
    return decimalText(bytes, this.#scale)
  }
}

function decimalText(bytes: Buffer, scale: number): string {
  const unscaled =
    bytes.length === 0 ? 0n : BigInt.asIntN(8 * bytes.length, BigInt(`0x${bytes.toString('hex')}`))
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, '0')
  const whole = digits.slice(0, digits.length - scale)
  const sign = unscaled < 0n ? '-' : ''
  return scale === 0 ? `${sign}${whole}` : `${sign}${whole}.${digits.slice(-scale)}`
}

/** Days have no time of day; they become a date as text. Other logical types are what lies beneath. */
class DateText extends avro.types.LogicalType {
  protected override _fromValue(days: number): string {
    return new Date(days * dayMs).toISOString().slice(0, 10)
  }
}

const logicalTypes = { decimal: DecimalText, date: DateText }

/** Reads Avro's binary form by a schema and those that it refers to. Throws where the schema is none. */
export function createReadAvro({ schema, references }: RegisteredSchema): ReadPayload {
  const registry: Record<string, avro.Type> = {}
  const options = { registry, logicalTypes, wrapUnions: 'auto' as const, typeHook }
  for (const reference of references) avro.Type.forSchema(JSON.parse(reference.schema), options)
  const type = avro.Type.forSchema(JSON.parse(schema), options)
  return bytes => type.fromBuffer(bytes)
}

function typeHook(schema: avro.Schema): avro.Type | undefined {
  const name = typeof schema === 'string' ? schema : Reflect.get(Object(schema), 'type')
  return name === 'long' ? longs : undefined
}
