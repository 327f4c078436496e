import { type Envelope, unframe, unwrap } from '../decode/envelope.ts'
import { parseObject } from '../decode/json.ts'

export type EnvelopeKind = 'framed' | Exclude<Envelope['kind'], 'none'>

/** The records within values, with what they were wrapped in. */
export interface OpenedRecords {
  readonly opened: readonly Envelope[]
  /** Values by what they are wrapped in; one may be in two. */
  readonly envelopes: ReadonlyMap<EnvelopeKind, number>
}

/** Longer records are skipped: they show nothing that others do not, and are slow to walk. */
const maxBytes = 262_144

export function openRecords(values: readonly (Buffer | null)[]): OpenedRecords {
  const opened: Envelope[] = []
  const envelopes = new Map<EnvelopeKind, number>()
  const count = (kind: EnvelopeKind) => envelopes.set(kind, (envelopes.get(kind) ?? 0) + 1)
  for (const value of values) {
    if (value === null || value.length > maxBytes) continue
    const bytes = unframe(value)
    const parsed = bytes && parseObject(bytes.toString())
    if (typeof parsed !== 'object') continue
    if (bytes !== value) count('framed')
    const envelope = unwrap(parsed)
    if (envelope.kind !== 'none') count(envelope.kind)
    opened.push(envelope)
  }
  return { opened, envelopes }
}
