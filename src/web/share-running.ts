/** Whoever asks while a question is under way gets its answer: where answers do not come, questions would pile up. */
export function shareRunning<Answer>(ask: () => Promise<Answer>): () => Promise<Answer> {
  let running: Promise<Answer> | undefined
  return function askOrShare() {
    running ??= ask().finally(() => {
      running = undefined
    })
    return running
  }
}
