import { z } from 'zod'
import type { Checkpoint, Seal } from '../window/types.ts'

/** Kafka accepts 4,096 bytes of metadata; this many seals stay below. */
const maxSeals = 80

const metadata = z.object({
  sealedUntil: z.number().optional(),
  maxEventTime: z.number().optional(),
  maxRecordTime: z.number().optional(),
  incompleteUntil: z.number().optional(),
  seals: z.array(z.tuple([z.number(), z.number()])).default([])
})

/** A checkpoint as the metadata of its commit, beside the offset itself. */
export function encodeMetadata({ offset: _, seals, ...times }: Checkpoint): string {
  const kept = seals.slice(-maxSeals).map(({ fromOffset, until }) => [fromOffset, until])
  return JSON.stringify({ ...times, ...(kept.length > 0 && { seals: kept }) })
}

/** The checkpoint of a commit; of one that is not ours (no metadata, another tool's) only the offset is known. */
export function decodeMetadata(offset: number, text: string | null): Checkpoint {
  const parsed = metadata.safeParse(parseJson(text))
  const { sealedUntil, maxEventTime, maxRecordTime, incompleteUntil, seals } =
    parsed.data ?? metadata.parse({})
  return {
    offset,
    sealedUntil,
    maxEventTime,
    maxRecordTime,
    incompleteUntil,
    seals: seals.map(([fromOffset, until]): Seal => ({ fromOffset, until }))
  }
}

function parseJson(text: string | null): unknown {
  try {
    return JSON.parse(text ?? '{}')
  } catch {
    return {}
  }
}
