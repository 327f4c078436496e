import { Worker } from 'node:worker_threads'
import type { FromReader, ReaderSettings, ToReader } from './protocol.ts'

/** A reader as the main thread has it. */
export interface ReaderThread {
  post(message: ToReader, transfer?: ArrayBuffer[]): void
  /** Ends it at once. */
  end(): void
}

interface ReaderThreadHandlers {
  onMessage(message: FromReader): void
  /** It has ended, for this reason or because it was to. */
  onEnd(reason: string | undefined): void
}

export type StartReader = (settings: ReaderSettings, handlers: ReaderThreadHandlers) => ReaderThread

export const startReaderThread: StartReader = (settings, { onMessage, onEnd }) => {
  const worker = new Worker(new URL('./thread.ts', import.meta.url), { workerData: settings, name: 'reader' })
  let reason: string | undefined
  worker.on('message', onMessage)
  worker.on('error', error => {
    reason = error instanceof Error ? error.message : String(error)
  })
  worker.on('exit', code => onEnd(reason ?? (code === 0 ? undefined : `exit code ${code}`)))
  return {
    post: (message, transfer = []) => worker.postMessage(message, transfer),
    end: () => void worker.terminate()
  }
}
