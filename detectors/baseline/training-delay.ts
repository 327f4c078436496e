/** Counts on their way to the profile. */
export interface TrainingDelay {
  enter(window: number, localMs: number, count: number | undefined): void
  /** The last windows are not of a usual day. */
  forget(windows: number): void
}

/** Counts wait until no span can disown them any more, `capacity` windows, then `settle`. */
export function createTrainingDelay(
  capacity: number,
  settle: (localMs: number, count: number, usual: boolean) => void
): TrainingDelay {
  const queue: { window: number; localMs: number; count: number; usual: boolean }[] = []
  let newest = 0
  return {
    enter(window, localMs, count) {
      newest = window
      if (count !== undefined) queue.push({ window, localMs, count, usual: true })
      while (queue[0] && queue[0].window <= window - capacity) {
        const { localMs, count, usual } = queue.shift() as (typeof queue)[number]
        settle(localMs, count, usual)
      }
    },
    forget(windows) {
      for (const entry of queue) if (entry.window > newest - windows) entry.usual = false
    }
  }
}
