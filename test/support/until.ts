import { setTimeout as sleep } from 'node:timers/promises'

/** Ends a test that hangs: no promise of the program, and out of reach of a slow machine. */
const patienceMs = 180_000

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
  for (;;) {
    const answer = await ask()
    if (answer !== undefined && answer !== false) return answer
    if (deadline.aborted) throw new Error(`${deadlineMs} ms passed without ${what}`)
    await sleep(50)
  }
}
