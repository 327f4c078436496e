import { z } from 'zod'
import type { Checkpoint, ClosedMarker } from '../window/types.ts'
import { parseJson } from './parse-json.ts'

/** Kafka refuses 4,096 bytes of metadata or more. */
const maxLength = 4_000

const metadata = z.object({
  sealedUntil: z.number().optional(),
  maxEventTime: z.number().optional(),
  maxRecordTime: z.number().optional(),
  incompleteUntil: z.number().optional(),
  /** Offset and time of the oldest closed marker, then the differences from one to the next. */
  seals: z.array(z.number()).default([])
})

/**
 * A checkpoint without its offset as the metadata of a commit; of too many closed markers the newest. The keys must stay:
 * instances of other versions in the group read them.
 */
export function encodeMetadata(checkpoint: Checkpoint): string {
  const { maxEventTime, maxRecordTime, closedUntil, incompleteUntil, closedMarkers } = checkpoint
  const text = JSON.stringify({
    maxEventTime,
    maxRecordTime,
    sealedUntil: closedUntil,
    incompleteUntil,
    ...(closedMarkers.length > 0 && { seals: stepsOf(closedMarkers) })
  })
  if (text.length <= maxLength) return text
  return encodeMetadata({
    ...checkpoint,
    closedMarkers: closedMarkers.slice(Math.ceil(closedMarkers.length / 10))
  })
}

/** The checkpoint of a commit; if another tool made it (no metadata of ours), only its offset is known. */
export function decodeMetadata(offset: number, text: string | null): Checkpoint {
  const parsed = metadata.safeParse(parseJson(text ?? '{}'))
  const { sealedUntil, maxEventTime, maxRecordTime, incompleteUntil, seals } =
    parsed.data ?? metadata.parse({})
  return {
    offset,
    closedUntil: sealedUntil,
    maxEventTime,
    maxRecordTime,
    incompleteUntil,
    closedMarkers: markersOf(seals)
  }
}

function stepsOf(markers: readonly ClosedMarker[]): number[] {
  return markers.flatMap(({ fromOffset, until }, index) => {
    const before = markers[index - 1] ?? { fromOffset: 0, until: 0 }
    return [fromOffset - before.fromOffset, until - before.until]
  })
}

function markersOf(steps: readonly number[]): ClosedMarker[] {
  const markers: ClosedMarker[] = []
  let fromOffset = 0
  let until = 0
  for (let index = 0; index + 1 < steps.length; index += 2) {
    fromOffset += steps[index] as number
    until += steps[index + 1] as number
    markers.push({ fromOffset, until })
  }
  return markers
}
