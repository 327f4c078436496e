import type { PartitionKey } from '../partition.ts'
import type { Assignment } from './assignment.ts'
import type { Committer } from './committer.ts'
import type { EndSeen } from './ends.ts'
import type { SharedParts } from './parts.ts'

export interface PartitionEndsOptions extends SharedParts {
  readonly assignment: Pick<Assignment, 'isPaused' | 'restart'>
  readonly committer: Pick<Committer, 'setOverwritten'>
}

/** What the broker's answers about the ends of partitions mean for reading. */
export interface PartitionEnds {
  /** Called before the ends are asked for. */
  onAsk(): void
  onEnd: EndSeen
}

export function createPartitionEnds(options: PartitionEndsOptions): PartitionEnds {
  const { member, assignment, logs, stuck, committer, control, handlers, log } = options
  let positionsThen: ReadonlyMap<PartitionKey, number> = new Map()

  /** Left alone, KafkaJS would skip to the end and commit it without our metadata. */
  function skipDeleted(key: PartitionKey, position: number, begin: number): void {
    const records = begin - position
    log.error(
      { partition: key, position, begin, records },
      'records were deleted before they were read: skipping them'
    )
    handlers().countLost(key, records)
    committer.setOverwritten(key)
    handlers().skipDeleted(key, begin)
    control.seek(key, begin)
  }

  return {
    onAsk() {
      const { partitions } = member.state()
      positionsThen = new Map(partitions.map(key => [key, handlers().position(key) ?? 0]))
    },
    onEnd(key, begin, end, askedAt) {
      const position = handlers().position(key)
      if (position === undefined) return
      const positionThen = positionsThen.get(key) ?? position
      const isPaused = assignment.isPaused(key)
      const observation = { key, end, askedAt, positionThen, position, isPaused }
      stuck.observe(observation)
      if (member.state().role !== 'working') return
      if (!logs.isSame(observation)) {
        logs.setRecreated(key)
        assignment.restart()
      } else if (begin > position) skipDeleted(key, position, begin)
      else handlers().endSeen(key, end, askedAt)
    }
  }
}
