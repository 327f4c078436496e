import type { SourceFault } from '../source/types.ts'
import { minuteMs } from '../time/units.ts'
import type { StandStill } from './stand-still.ts'

/** The pipeline at one moment. Times in milliseconds. */
export interface PipelineState {
  readonly now: number
  /** When the broker last answered; when we started, before it ever did. */
  readonly answeredAt: number
  /** Records behind the end, all partitions together. */
  readonly lag: number
  /** Windows of other partitions that wait for `slowestPartition`, and when a window last closed. */
  readonly waiting: number
  readonly slowestPartition: string | undefined
  readonly closedAt: number
  /** Since when the past cannot be read from the store, so that no window is judged; undefined while it can. */
  readonly restoringSince: number | undefined
  /** Since when nothing is read, because no more windows may wait for a store that fails; undefined while they may. */
  readonly fullSince: number | undefined
  /** Says that a broker answers too slowly, and how slowly, where that limits how fast is read. */
  readonly slowness?: string | undefined
  /** What keeps the source from its work, though the broker answers. */
  readonly faults: readonly SourceFault[]
  /** Why dead letters cannot be kept: nothing is committed meanwhile. */
  readonly deadLetters?: { readonly since: number; readonly error: string | undefined } | undefined
  /** Windows do not come through, for whatever reason. */
  readonly standStill?: StandStill | undefined
}

export interface Stall {
  readonly cause:
    | 'broker_gone'
    | 'partition_holds'
    | 'lag_grows'
    | 'store_unavailable'
    | 'memory_full'
    | 'dead_letters_refused'
    | StandStill['cause']
    | SourceFault['cause']
  /** Since when, in milliseconds. */
  readonly since: number
  readonly lag: number
  /** The partition or the topic that it is about, and the error. */
  readonly subject: string | undefined
  readonly error: string | undefined
}

/** Lag counts as growing where each of these spans was worse throughout than the one before. */
const lagSpanMs = minuteMs
/** A lag below this is normal for a healthy consumer. */
const smallLag = 5_000

/** Finds out whether the pipeline is stalled, by looking at it every second; gives the cause that has lasted longest. */
export function createStallWatch({
  afterMs
}: {
  /** For how long a cause must stand; asked at every look. */
  readonly afterMs: () => number
}): (state: PipelineState) => Stall | undefined {
  let samples: { at: number; lag: number }[] = []
  let growsSince: number | undefined
  let holdsSince: number | undefined

  function lagGrows({ now, lag }: PipelineState): number | undefined {
    samples = [...samples.filter(({ at }) => at > now - 2 * lagSpanMs), { at: now, lag }]
    const older = samples.filter(({ at }) => at <= now - lagSpanMs)
    const newer = samples.filter(({ at }) => at > now - lagSpanMs)
    const covers = older.length > 0 && now - (samples[0] as { at: number }).at >= 1.9 * lagSpanMs
    const least = Math.min(...newer.map(one => one.lag))
    // A sudden load that is being worked off was less before it came, too: it must still be growing.
    const stillGrows = lag > (newer[0] as { lag: number }).lag
    const grows = covers && stillGrows && least > smallLag && least > Math.max(...older.map(one => one.lag))
    growsSince = grows ? (growsSince ?? now - lagSpanMs) : undefined
    return growsSince
  }

  function partitionHolds({ now, waiting, slowestPartition, closedAt }: PipelineState): number | undefined {
    const holds = slowestPartition !== undefined && waiting >= 2
    holdsSince = holds ? Math.max(holdsSince ?? now, closedAt) : undefined
    return holdsSince
  }

  return function watch(state) {
    const { now, lag, slowestPartition, slowness } = state
    const causes: readonly Cause[] = [
      { cause: 'broker_gone', since: state.answeredAt },
      { cause: 'store_unavailable', since: state.restoringSince },
      { cause: 'memory_full', since: state.fullSince },
      { cause: 'dead_letters_refused', ...(state.deadLetters ?? { since: undefined }) },
      ...(state.standStill === undefined ? [] : [state.standStill]),
      { cause: 'partition_holds', since: partitionHolds(state), subject: slowestPartition },
      {
        cause: slowness === undefined ? 'lag_grows' : 'broker_slow',
        since: lagGrows(state),
        error: slowness
      },
      // A broker that does not answer accepts no commit, either.
      ...(now - state.answeredAt >= afterMs() ? [] : state.faults)
    ]
    const [longest] = causes
      .filter(isSince)
      .filter(({ since }) => now - since >= afterMs())
      .sort((a, b) => Number(isVague(a)) - Number(isVague(b)) || a.since - b.since)
    if (longest === undefined) return undefined
    const { cause, since, subject, error } = longest
    return { cause, since, lag, subject, error }
  }
}

interface Cause {
  readonly cause: Stall['cause']
  readonly since: number | undefined
  readonly subject?: string | undefined
  readonly error?: string | undefined
}

const isSince = (cause: Cause): cause is Cause & { readonly since: number } => cause.since !== undefined

/** Any other cause says more. */
const isVague = ({ cause }: Cause) => vagueCauses.has(cause)

const vagueCauses: ReadonlySet<Stall['cause']> = new Set(['not_joined', 'nothing_closes', 'windows_wait'])
