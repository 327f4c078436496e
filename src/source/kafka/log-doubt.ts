import type { PartitionKey } from '../partition.ts'
import type { Assignment } from './assignment.ts'
import type { Committer } from './committer.ts'
import type { LogIdentity } from './log-identity.ts'

interface DoubtParts {
  readonly logs: Pick<LogIdentity, 'isDoubtful' | 'trust'>
  readonly committer: Pick<Committer, 'isDropped'>
  readonly assignment: Pick<Assignment, 'restart'>
  readonly isOurs: () => boolean
}

/** False where the log may be another one after a failed fetch, or the partitions may be another's by now. */
export async function isSameLog(
  partitions: readonly PartitionKey[],
  { logs, committer, assignment, isOurs }: DoubtParts
): Promise<boolean> {
  if (!isOurs()) return false
  if (!logs.isDoubtful()) return true
  const isDropped = await committer.isDropped(partitions)
  if (!isOurs()) return false
  if (isDropped) assignment.restart()
  else logs.trust()
  return !isDropped
}
