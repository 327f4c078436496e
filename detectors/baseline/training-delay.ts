/** Counts on their way to the profile: they wait `capacity` windows, until no span excludes them any more, then `settle`. */
export function createTrainingDelay(
  capacity: number,
  settle: (localMs: number, count: number, usual: boolean) => void
) {
  const queue: { window: number; localMs: number; count: number; usual: boolean }[] = []
  let newest = 0
  return {
    enter(window: number, localMs: number, count: number | undefined): void {
      newest = window
      if (count !== undefined) queue.push({ window, localMs, count, usual: true })
      while (queue[0] && queue[0].window <= window - capacity) {
        const { localMs, count, usual } = queue.shift() as (typeof queue)[number]
        settle(localMs, count, usual)
      }
    },
    /** The last windows are not of a usual day. */
    forget(windows: number): void {
      for (const entry of queue) if (entry.window > newest - windows) entry.usual = false
    }
  }
}
