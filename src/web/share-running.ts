/** Callers share the request that is running: without this, requests would pile up while answers are slow. */
export function shareRunning<Answer>(ask: () => Promise<Answer>): () => Promise<Answer> {
  let running: Promise<Answer> | undefined
  return function askOrShare() {
    running ??= ask().finally(() => {
      running = undefined
    })
    return running
  }
}
