import { type Envelope, unframe, unwrap } from '../decode/envelope.ts'
import { parseObject } from '../decode/json.ts'

export type EnvelopeKind = 'framed' | Exclude<Envelope['kind'], 'none'>

/** Longer records are skipped: they show nothing that others do not, and are slow to walk. */
const maxBytes = 262_144

/** The records within values, and how many are wrapped in what; one may be in two. */
export function openRecords(values: readonly (Buffer | null)[]) {
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
