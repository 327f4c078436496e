import { type Envelope, unframe, unwrap } from '../decode/envelope.ts'
import { isCloudEvent, withHeaders } from '../decode/headers.ts'
import { isObject } from '../decode/json.ts'
import { createOpenRecord } from '../decode/open-record.ts'
import type { Structure } from '../decode/structure.ts'
import { type Sample, type SampledRecord, sampleOf } from './sample.ts'

export type EnvelopeKind = 'framed' | Exclude<Envelope['kind'], 'none'>

/** Longer records are skipped: they show nothing that others do not, and are slow to walk. */
const maxBytes = 262_144
/** Of one record: so many show what its events are like. */
const maxParts = 100
const maxHeaders = 50
const maxHeaderName = 100

/** The events within values, and how many values are wrapped in what; one may be in two. */
export function openRecords(samples: readonly Sample[], structure: Structure = {}) {
  const open = createOpenRecord({
    eventsIn: structure.eventsIn,
    textFormat: structure.text,
    ownKeys: new Set()
  })
  const opened: Envelope[] = []
  const envelopes = new Map<EnvelopeKind, number>()
  /** Values that hold events. */
  let readable = 0
  const count = (kind: EnvelopeKind) => envelopes.set(kind, (envelopes.get(kind) ?? 0) + 1)
  for (const { value, headers } of samples.map(sampleOf)) {
    if (value === null || value.length > maxBytes) continue
    const bytes = unframe(value)
    if (bytes === undefined) continue
    const record = open(bytes.toString())
    const parts =
      record.kind === 'one'
        ? [record.record]
        : record.kind === 'several'
          ? record.parts.map(part => part.record)
          : []
    const found = parts
      .filter(isObject)
      .slice(0, maxParts)
      .map(part => enveloped(unwrap(part), headers))
    const [first] = found
    if (first === undefined) continue
    readable++
    if (bytes !== value) count('framed')
    if (first.kind !== 'none') count(first.kind)
    // A row that is deleted may be no more than its key.
    opened.push(...found.filter(({ change }) => change !== 'deleted' && change !== 'none'))
  }
  return { opened, envelopes, readable }
}

/** With the record's headers beside its own keys, as paths have them, and what a CloudEvent's headers say. */
function enveloped(envelope: Envelope, headers: SampledRecord['headers']): Envelope {
  if (headers === undefined || Object.keys(headers).length === 0) return envelope
  const names = Object.keys(headers)
    .filter(name => name.length <= maxHeaderName)
    .slice(0, maxHeaders)
  const whole = withHeaders(envelope, names, headers)
  return isCloudEvent(headers) && envelope.kind === 'none' ? { ...whole, kind: 'cloudevent' } : whole
}

/** The lists of objects within records that may be their events, the most frequent first. */
export function eventLists(opened: readonly Envelope[]): readonly string[] {
  const counts = new Map<string, number>()
  const look = (value: object, path: string, depth: number): void => {
    for (const [key, inner] of Object.entries(value).slice(0, 100)) {
      if (!/^[\w$-]{1,60}$/.test(key)) continue
      const own = path === '' ? key : `${path}.${key}`
      if (Array.isArray(inner) && inner.some(isObject)) counts.set(own, (counts.get(own) ?? 0) + 1)
      else if (isObject(inner) && depth < 3) look(inner, own, depth + 1)
    }
  }
  for (const { record } of opened) look(record, '', 1)
  return [...counts]
    .filter(([, count]) => count * 2 > opened.length)
    .sort(([, a], [, b]) => b - a)
    .map(([path]) => `${path}[]`)
    .slice(0, 5)
}
