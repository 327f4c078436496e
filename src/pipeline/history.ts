import { setImmediate as turn } from 'node:timers/promises'
import type { Detection } from '../detect/types.ts'
import type { Store } from '../store/types.ts'

const dayMs = 86_400_000

/**
 * Feeds a detection the windows that are stored of [fromMs, toMs), a day at a time, with a pause for other work
 * between. Gives the number of windows learnt; rejects with the store's error.
 */
export async function learnHistory(
  store: Pick<Store, 'windows'>,
  pipeline: string,
  detection: Detection,
  fromMs: number,
  toMs: number
): Promise<number> {
  let learnt = 0
  for (let from = fromMs; from < toMs; from += dayMs) {
    const windows = await store.windows(pipeline, from, Math.min(from + dayMs, toMs))
    for (const window of windows) detection.learn(window)
    learnt += windows.length
    await turn()
  }
  return learnt
}
