import type { SourceHandlers } from '../../types.ts'
import type { Assignment } from '../assignment.ts'
import type { Committer } from '../committer.ts'
import { isSameLog } from '../log-doubt.ts'
import type { SharedParts } from '../parts.ts'
import type { Readers, SliceToTake } from './readers.ts'

interface TakingParts extends Pick<SharedParts, 'member' | 'logs' | 'control'> {
  readonly handlers: SourceHandlers
  readonly readers: Readers
  readonly assignment: Pick<Assignment, 'restart'>
  readonly committer: Pick<Committer, 'isDropped'>
}

/** Ingests a slice that continues where its partition stands, under the same lease as a fetch of our own. */
export async function takeSlice({ slice, each }: SliceToTake, parts: TakingParts): Promise<void> {
  const { member, logs, control, handlers, readers } = parts
  const { key } = slice
  const state = member.state()
  if (state.role !== 'working') return readers.halt(key)
  if (slice.isDoubtful) logs.doubt()
  const isOurs = () => state.lease.isValid() && readers.isCurrent(slice)
  if (!(await isSameLog(state.partitions, { ...parts, isOurs }))) return
  if (!isOurs()) return
  const position = handlers.position(key)
  const ingest = handlers.decodedIngester(key)
  if (position === undefined || ingest === undefined) return readers.halt(key)
  // Its records would be counted twice, or others skipped.
  if (slice.from !== position) return control.seek(key, position)
  each(slice, ingest)
  handlers.moveTo(key, slice.next)
}
