import { Worker } from 'node:worker_threads'
import type { FromTrial, TrialSettings } from './tune-thread.ts'

interface TrialHandlers {
  onMessage(message: FromTrial): void
  /** It has ended, for this reason where it broke down. */
  onEnd(reason: string | undefined): void
}

/** Starts a trial beside everything else; gives what ends it. */
export type StartTrial = (settings: TrialSettings, handlers: TrialHandlers) => () => void

/** A thread that needs more than this is stopped; it reads a day at a time, however many there are. */
const mostMegabytes = 384
const youngMegabytes = 32

export const startTrialThread: StartTrial = (settings, { onMessage, onEnd }) => {
  const worker = new Worker(new URL('./tune-thread.ts', import.meta.url), {
    workerData: settings,
    name: 'tune',
    resourceLimits: { maxOldGenerationSizeMb: mostMegabytes, maxYoungGenerationSizeMb: youngMegabytes }
  })
  let reason: string | undefined
  worker.on('message', onMessage)
  worker.on('error', error => {
    reason = error instanceof Error ? error.message : String(error)
  })
  worker.on('exit', () => onEnd(reason))
  worker.unref()
  return () => void worker.terminate()
}
