import type { Batch } from 'kafkajs'
import { undecodableHeader } from '../record.ts'

/**
 * Where reading goes on behind the first `count` messages of a fetch. The broker looks its end up before it reads, so that
 * the last records may lie beyond the end told of: they are there all the same, and going back would count them twice.
 * Only what stands for a broken batch may claim offsets that there are not.
 */
export function nextOffset(batch: Batch, count: number): number {
  const { messages, highWatermark } = batch
  const message = messages[count - 1] as (typeof messages)[number]
  const next = Number(count === messages.length ? batch.lastOffset() : message.offset) + 1
  if (!isUndecodable(message)) return next
  const firstBroken = messages.find(isUndecodable) ?? message
  return Math.min(next, Math.max(Number(highWatermark), Number(firstBroken.offset) + 1))
}

const isUndecodable = ({ headers }: Batch['messages'][number]) => headers?.[undecodableHeader] !== undefined
