import type { Clock } from '../telemetry/clock.ts'

/** Runs once, `delayMs` from now, unless the returned function cancels it. */
export function after(clock: Clock, delayMs: number, run: () => void): () => void {
  let isCancelled = false
  void clock.sleep(delayMs).then(() => {
    if (!isCancelled) run()
  })
  return () => {
    isCancelled = true
  }
}
