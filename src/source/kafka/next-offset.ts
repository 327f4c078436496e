import type { Batch } from 'kafkajs'
import { undecodableHeader } from '../record.ts'

/**
 * Where reading continues after the first `count` messages of a fetch. The broker determines the high watermark before it
 * reads, so real records may lie beyond it, and going back would count them twice. Only records that replace a broken
 * batch may claim offsets that do not exist.
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
