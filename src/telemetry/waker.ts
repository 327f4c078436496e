import type { Clock } from './clock.ts'

/** Waits that can be ended early. */
export function createWaker(clock: Pick<Clock, 'sleep'>) {
  let wake = () => {}
  return {
    wait: (ms: number): Promise<void> =>
      Promise.race([
        clock.sleep(ms),
        new Promise<void>(resolve => {
          wake = resolve
        })
      ]),
    /** Ends the wait that was begun last. */
    wake: (): void => wake()
  }
}
