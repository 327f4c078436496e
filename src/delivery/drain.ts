import type { Clock } from '../telemetry/clock.ts'
import { after } from './timers.ts'

export interface DrainOptions {
  readonly clock: Clock
  readonly isDone: () => boolean
  readonly onEnd: () => void
}

/** Waits at the end of the process for what can still be done. */
export function createDrain({ clock, isDone, onEnd }: DrainOptions) {
  let check: (() => void) | undefined
  return {
    hasBegun: (): boolean => check !== undefined,
    /** Something was done. */
    check: (): void => check?.(),
    /** Resolves once all is done, at the latest after `withinMs`. */
    begin: (withinMs: number): Promise<void> =>
      new Promise(resolve => {
        const end = () => {
          cancel()
          onEnd()
          resolve()
        }
        const cancel = after(clock, withinMs, end)
        check = () => {
          if (isDone()) end()
        }
        check()
      })
  }
}
