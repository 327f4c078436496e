import { minuteMs } from '../time/units.ts'

/** What has come through the pipeline at one moment. Times in milliseconds. */
export interface Throughput {
  readonly now: number
  /** Records can come: this instance has the work, the broker answers, and reading is not paused. */
  readonly isReading: boolean
  readonly openWindows: number
  /** Windows that end at or before it have closed. */
  readonly closedUntil: number | undefined
  /** Windows that closed so far; it never shrinks. */
  readonly closed: number
  /** Closed windows by what they wait for. */
  readonly waiting: { readonly toCommit: number; readonly toDecide: number; readonly toStore: number }
}

export interface StandStill {
  readonly cause: 'nothing_closes' | 'windows_wait'
  readonly since: number
  /** What closed windows wait for. */
  readonly subject: string | undefined
}

interface Stage {
  readonly subject: string
  /** For how long nothing may come out of it before it counts: to learn a long history takes its time. */
  readonly quietMs: number
}

const stages: readonly Stage[] = [
  { subject: 'a commit', quietMs: 0 },
  { subject: 'the history, which is being read', quietMs: 4 * minuteMs },
  { subject: 'the store', quietMs: 0 }
]

/**
 * Notices that windows do not come through, whatever the reason: none closes although some are open, or closed ones wait
 * and none is stored. A window is closed at the latest `closeWithinMs` after it was opened.
 */
export function createStandStillWatch({ closeWithinMs }: { readonly closeWithinMs: number }) {
  let closing: { readonly until: number | undefined; readonly at: number } | undefined
  let moved: readonly { readonly out: number; readonly at: number }[] = []

  function nothingCloses({ now, isReading, openWindows, closedUntil }: Throughput): StandStill[] {
    if (!isReading || openWindows === 0 || closing === undefined || closing.until !== closedUntil)
      closing = { until: closedUntil, at: now }
    return [{ cause: 'nothing_closes', since: closing.at + closeWithinMs, subject: undefined }]
  }

  function windowsWait({ now, closed, waiting }: Throughput): StandStill[] {
    const counts = [waiting.toCommit, waiting.toDecide, waiting.toStore]
    let out = closed
    moved = counts.map((count, index) => {
      out -= count
      const before = moved[index]
      return count > 0 && before?.out === out ? before : { out, at: now }
    })
    return stages.flatMap(({ subject, quietMs }, index): StandStill[] => {
      const { at = now } = moved[index] ?? {}
      return now - at < quietMs ? [] : [{ cause: 'windows_wait', since: at, subject }]
    })
  }

  /** To be called once a second; gives what has stood still for longest, if only since now. */
  return function watch(throughput: Throughput): StandStill | undefined {
    const found = [...windowsWait(throughput), ...nothingCloses(throughput)]
    return found.filter(({ since }) => since < throughput.now).sort((a, b) => a.since - b.since)[0]
  }
}
