import { parentPort, workerData } from 'node:worker_threads'
import type { Config } from '../../config/schema.ts'
import { messageOf } from '../../telemetry/message.ts'
import type { Span } from '../backtest/outcome.ts'
import { openConfigured } from './open-store.ts'
import { type Tune, tunablesOf, tuneStored } from './tune.ts'

/** What a trial is made of. */
export interface TrialSettings extends Span {
  readonly config: Config
  readonly kind: string
  readonly seed: number
  readonly values: readonly number[] | undefined
}

export type FromTrial =
  | { readonly kind: 'progress'; readonly share: number }
  | { readonly kind: 'done'; readonly tune: Tune }
  | { readonly kind: 'failed'; readonly message: string }

const leastStep = 0.005

/** Works in a thread of its own, so that what is live never waits for it. */
async function work(settings: TrialSettings, post: (message: FromTrial) => void): Promise<void> {
  const { config, kind, ...asked } = settings
  // Nothing is stored that could name a configuration.
  const loaded = { config, hash: '' }
  const quiet = () => {}
  const store = await openConfigured(config)
  let told = 0
  try {
    const tune = await tuneStored({
      ...asked,
      ...{ loaded, store, kinds: tunablesOf(loaded).filter(one => one.kind === kind) },
      log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
      onProgress(share) {
        if (share < told + leastStep) return
        told = share
        post({ kind: 'progress', share })
      }
    })
    post({ kind: 'done', tune })
  } finally {
    await store.close()
  }
}

const port = parentPort
if (port !== null) {
  const post = (message: FromTrial) => port.postMessage(message)
  work(workerData as TrialSettings, post).catch(error => post({ kind: 'failed', message: messageOf(error) }))
}
