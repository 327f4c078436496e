import { setTimeout as sleep } from 'node:timers/promises'

const runTimeoutMs = 120_000
/** An answer of `/metrics` costs the program some milliseconds. */
const pollMs = 300

/** The sum of a metric over its labels; 0 where nothing answers yet. */
export async function sumOf(metrics: string, name: string): Promise<number> {
  const answer = await fetch(metrics, { signal: AbortSignal.timeout(10_000) }).catch(() => undefined)
  const lines = ((await answer?.text()) ?? '').split('\n').filter(line => line.startsWith(`${name}{`))
  return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0)
}

/** Rejects after that time. */
export async function until(isTrue: () => Promise<boolean>, timeoutMs = runTimeoutMs): Promise<void> {
  const deadline = AbortSignal.timeout(timeoutMs)
  while (!(await isTrue())) {
    if (deadline.aborted) throw new Error(`cartwatch was not done in ${timeoutMs} ms`)
    await sleep(pollMs)
  }
}
