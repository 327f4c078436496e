import type { ReadPart } from './read-record.ts'
import type { Decoded, DecodedPart } from './types.ts'

/** The events of a record in order of their time, so that none is late because of another; then what is none. */
export const joined = (parts: readonly DecodedPart[]): Decoded => ({
  kind: 'several',
  parts: parts.toSorted((a, b) => timeOf(a) - timeOf(b))
})

const timeOf = (part: DecodedPart): number =>
  part.kind === 'event' ? part.event.eventTime : Number.MAX_SAFE_INTEGER

/** A part that is dead, with what it would be as a record of its own. */
export function ofPart(part: DecodedPart, { source }: Pick<ReadPart, 'source'>): DecodedPart {
  if (part.kind !== 'dead') return part
  return { ...part, source: typeof source === 'string' ? source : JSON.stringify(source) }
}

/** The text of a header; KafkaJS gives a list where the header comes several times. */
export function headerText(value: unknown): string | undefined {
  const first: unknown = Array.isArray(value) ? value[0] : value
  const text = Buffer.isBuffer(first) ? first.toString() : first
  return typeof text === 'string' && text !== '' ? text : undefined
}
