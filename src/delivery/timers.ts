import type { Clock } from '../telemetry/clock.ts'

/** Runs once, `delayMs` from now by the clock; gives the way to call it off. */
export function after(clock: Clock, delayMs: number, run: () => void): () => void {
  let calledOff = false
  void clock.sleep(delayMs).then(() => {
    if (!calledOff) run()
  })
  return () => {
    calledOff = true
  }
}
