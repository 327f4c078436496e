import type { StoreWriter } from './store-writer.ts'

/** Waits until all is stored; rejects with the reason where the queue has not shrunk within `timeoutMs`. */
export async function drainAll(
  writer: Pick<StoreWriter, 'size' | 'drain' | 'failure'>,
  timeoutMs: number
): Promise<void> {
  for (;;) {
    const before = writer.size()
    if (await writer.drain(timeoutMs)) return
    if (writer.size() < before) continue
    const failure = writer.failure()
    const why = failure === undefined ? 'it is too slow' : `${failure.reason}: ${failure.error}`
    throw new Error(`the store did not take everything: ${why}`)
  }
}
