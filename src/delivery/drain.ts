import type { Clock } from '../telemetry/clock.ts'
import { after } from './timers.ts'

export interface DrainOptions {
  readonly clock: Clock
  readonly isDone: () => boolean
  readonly onEnd: () => void
}

/** Waits at the end of the process for what can still be done. */
export interface Drain {
  hasBegun(): boolean
  /** Resolves once all is done, at the latest after `withinMs`. */
  begin(withinMs: number): Promise<void>
  /** Something was done. */
  check(): void
}

export function createDrain({ clock, isDone, onEnd }: DrainOptions): Drain {
  let check: (() => void) | undefined
  return {
    hasBegun: () => check !== undefined,
    check: () => check?.(),
    begin: withinMs =>
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
