import { z } from 'zod'
import type { Checkpoint, Seal } from '../window/types.ts'

/** Kafka refuses a commit with 4,096 bytes of metadata or more. */
const maxLength = 4_000

const metadata = z.object({
  sealedUntil: z.number().optional(),
  maxEventTime: z.number().optional(),
  maxRecordTime: z.number().optional(),
  incompleteUntil: z.number().optional(),
  /** Offset and time of the oldest, then the steps from one to the next. */
  seals: z.array(z.number()).default([])
})

/** A checkpoint as the metadata of its commit, beside the offset itself; of very many seals the newest. */
export function encodeMetadata({ offset, seals, ...times }: Checkpoint): string {
  const text = JSON.stringify({ ...times, ...(seals.length > 0 && { seals: stepsOf(seals) }) })
  if (text.length <= maxLength) return text
  return encodeMetadata({ offset, ...times, seals: seals.slice(Math.ceil(seals.length / 10)) })
}

/** The checkpoint of a commit; of one that is not ours (no metadata, another tool's) only the offset is known. */
export function decodeMetadata(offset: number, text: string | null): Checkpoint {
  const parsed = metadata.safeParse(parseJson(text))
  const { sealedUntil, maxEventTime, maxRecordTime, incompleteUntil, seals } =
    parsed.data ?? metadata.parse({})
  return { offset, sealedUntil, maxEventTime, maxRecordTime, incompleteUntil, seals: sealsOf(seals) }
}

function stepsOf(seals: readonly Seal[]): number[] {
  return seals.flatMap(({ fromOffset, until }, index) => {
    const before = seals[index - 1] ?? { fromOffset: 0, until: 0 }
    return [fromOffset - before.fromOffset, until - before.until]
  })
}

function sealsOf(steps: readonly number[]): Seal[] {
  const seals: Seal[] = []
  let fromOffset = 0
  let until = 0
  for (let index = 0; index + 1 < steps.length; index += 2) {
    fromOffset += steps[index] as number
    until += steps[index + 1] as number
    seals.push({ fromOffset, until })
  }
  return seals
}

function parseJson(text: string | null): unknown {
  try {
    return JSON.parse(text ?? '{}')
  } catch {
    return {}
  }
}
