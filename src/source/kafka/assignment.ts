import type { PartitionKey } from '../partition.ts'
import { assignedKeys } from './partition-control.ts'
import type { SharedParts } from './parts.ts'
import type { Restoring } from './restore.ts'

export interface AssignmentOptions extends SharedParts {
  readonly restore: (restoring: Restoring) => Promise<void>
  /** The partitions are being read. */
  readonly onWorking: () => void
}

export type Assignment = ReturnType<typeof createAssignment>

/** Which partitions are ours, and which of them are read. */
export function createAssignment(options: AssignmentOptions) {
  const { member, ownership, fence, lastCommit, control, handlers, log } = options
  let paused: ReadonlySet<PartitionKey> = new Set()

  function restore(partitions: readonly PartitionKey[]): void {
    const lease = member.restore(partitions)
    control.pause(partitions)
    void options.restore({ partitions, lease, onRestored })
  }

  function seekToPositions(): void {
    const { role, partitions } = member.state()
    if (role !== 'working') return
    for (const key of partitions) control.seek(key, handlers().position(key) as number)
  }

  function onRestored(isKept: boolean): void {
    member.work()
    const { partitions } = member.state()
    seekToPositions()
    control.resume(partitions.filter(key => !paused.has(key)))
    options.onWorking()
    log.info({ partitions: partitions.length, kept: isKept }, 'active')
  }

  return {
    /** Takes the `memberAssignment` of a GROUP_JOIN. */
    joined(assignment: Readonly<Record<string, readonly number[]>>): void {
      fence.joined()
      if (ownership.joined(assignment)) {
        restore(assignedKeys(assignment))
        return
      }
      const { group } = options
      if (member.state().role !== 'standby') log.info({ group }, 'standby: another instance is active')
      member.standBy()
      lastCommit.forget()
      handlers().onRevoked()
    },
    /** Starts the partitions again: what was read stays only if the group still holds our own last commit. */
    restart: (): void => restore(member.state().partitions),
    /** Reads on from the handlers' positions. */
    seekToPositions,
    /** Pauses these partitions and no others, in this assignment and in later ones. */
    setPaused(keys: ReadonlySet<PartitionKey>): void {
      const before = paused
      paused = keys
      const { role, partitions } = member.state()
      if (role !== 'working') return
      control.pause(partitions.filter(key => keys.has(key) && !before.has(key)))
      control.resume(partitions.filter(key => !keys.has(key) && before.has(key)))
    },
    isPaused: (key: PartitionKey): boolean => paused.has(key)
  }
}
