import { setTimeout as sleep } from 'node:timers/promises'

/** Ends a test that hangs: no promise of the program, and out of reach of a slow machine. */
const patienceMs = 480_000

/** Between two questions, from the first on: asking costs the machine more than what is waited for, if it lasts. */
const firstPauseMs = 20
const longestPauseMs = 400

/**
 * Asks until the answer is neither undefined nor false, and gives it. For what lies outside this process and has no
 * event to wait for; rejects at the deadline with `what` was waited for.
 */
export async function until<T>(
  what: string,
  ask: () => Promise<T | undefined | false> | T | undefined | false,
  deadlineMs = patienceMs
): Promise<T> {
  const deadline = AbortSignal.timeout(deadlineMs)
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(1.5 * pauseMs, longestPauseMs)) {
    const answer = await ask()
    if (answer !== undefined && answer !== false) return answer
    if (deadline.aborted) throw new Error(`${deadlineMs} ms passed without ${what}`)
    await sleep(pauseMs)
  }
}
