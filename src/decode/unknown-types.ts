import type { RecordValue } from './decode-record.ts'
import { unframe, unwrap } from './envelope.ts'
import { parseObject } from './json.ts'
import { type Decoded, type DecodedPart, faultBits } from './types.ts'

/** What was seen in a stream that seems to be another than the one that was meant. */
export interface UnknownTypesNotice {
  readonly records: number
  /** Records whose type is missing or none of the contract. */
  readonly unknown: number
  /** Their types as they came, and the names of their fields, the most frequent first; bounded. */
  readonly types: readonly string[]
  readonly fields: readonly string[]
}

/**
 * Fed each record with its value until `observe` gives a notice or `isDone`. Judges the first `sampleSize` records: a
 * stream of another shape would otherwise pass as one of silence.
 */
export function createUnknownTypesWatch(sampleSize = 1_000) {
  const types = new Map<string, number>()
  const fields = new Map<string, number>()
  let records = 0
  let unknown = 0

  return {
    /** Gives the notice once, at the last record of the sample, where over half are unknown. */
    observe: (all: Decoded, record: Pick<RecordValue, 'value'>): UnknownTypesNotice | undefined => {
      const decoded = all.kind === 'several' ? all.parts[0] : all
      if (records >= sampleSize || decoded === undefined || decoded.kind === 'skipped') return undefined
      records++
      if (isUnknown(decoded)) {
        unknown++
        if (decoded.kind === 'event') count(types, decoded.event.typeName)
        for (const name of fieldNames(record.value)) count(fields, name)
      }
      if (records < sampleSize || unknown * 2 <= records) return undefined
      return { records, unknown, types: mostFrequent(types), fields: mostFrequent(fields) }
    },
    get isDone() {
      return records >= sampleSize
    }
  }
}

const maxNames = 40
const maxNameLength = 64
/** A record of more bytes is not parsed a second time. */
const maxRecordLength = 65_536

const isUnknown = (decoded: Exclude<DecodedPart, { readonly kind: 'skipped' }>): boolean =>
  decoded.kind === 'event'
    ? (decoded.event.faults & faultBits.unknown_type) !== 0
    : decoded.reason === 'missing_event_type' || decoded.reason === 'missing_event_time'

function fieldNames(value: Buffer | string | null): readonly string[] {
  if (value === null || value.length > maxRecordLength) return []
  const record = parseObject(String(typeof value === 'string' ? value : unframe(value)))
  return typeof record === 'string' ? [] : Object.keys(unwrap(record).record)
}

function count(names: Map<string, number>, name: string): void {
  const shown = name.slice(0, maxNameLength)
  if (names.has(shown) || names.size < maxNames) names.set(shown, (names.get(shown) ?? 0) + 1)
}

const mostFrequent = (names: ReadonlyMap<string, number>): readonly string[] =>
  [...names].sort(([, a], [, b]) => b - a).map(([name]) => name)
