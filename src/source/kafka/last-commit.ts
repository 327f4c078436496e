import type { Clock } from '../../telemetry/clock.ts'
import type { PartitionKey } from '../partition.ts'
import type { PartitionFacts } from '../start.ts'
import type { SourceFault } from '../types.ts'

/** What the group holds of a partition. */
export interface Committed {
  readonly offset: number
  readonly metadata: string | null
}

export type LastCommit = ReturnType<typeof createLastCommit>

/** What this member committed last, and whether Kafka accepts its commits. */
export function createLastCommit(clock: Pick<Clock, 'now'>) {
  let last: ReadonlyMap<PartitionKey, Committed> | undefined
  let underWay: ReadonlyMap<PartitionKey, Committed> | undefined
  let untakenSince: number | undefined
  let error: string | undefined

  function settle(commits: typeof last): void {
    last = commits
    underWay = undefined
    untakenSince = undefined
    error = undefined
  }

  return {
    /** A commit is due: what keeps it from being sent counts as well. */
    began(): void {
      untakenSince ??= clock.now()
    },
    /** A commit is sent: the group may hold it even if a join makes its answer void. */
    sent(commits: ReadonlyMap<PartitionKey, Committed>): void {
      underWay = commits
    },
    refused(reason: string): void {
      error = reason
    },
    accepted: (commits: ReadonlyMap<PartitionKey, Committed>): void => settle(commits),
    /** Another member commits from now on. */
    forget: (): void => settle(undefined),
    /** True if the group holds our last commit of every partition, answered or not. */
    isHeldBy: (facts: readonly PartitionFacts[]): boolean =>
      [last, underWay].some(
        commits =>
          facts.length === commits?.size &&
          facts.every(({ key, committed }) => isSame(committed, commits.get(key)))
      ),
    /**
     * Our last commit of a partition, if the group holds none any more: Kafka drops the commits of a topic together with
     * the topic.
     */
    droppedOf: ({ key, committed }: Pick<PartitionFacts, 'key' | 'committed'>): Committed | undefined =>
      committed === undefined ? last?.get(key) : undefined,
    /** True once this member has committed anything. */
    isKnown: (): boolean => last !== undefined,
    fault: (): SourceFault | undefined =>
      untakenSince === undefined
        ? undefined
        : { cause: 'commits_refused', since: untakenSince, subject: undefined, error }
  }
}

const isSame = (one: Committed | undefined, other: Committed | undefined) =>
  one !== undefined && one.offset === other?.offset && (one.metadata ?? '') === (other.metadata ?? '')
