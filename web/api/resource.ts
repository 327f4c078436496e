import { type ReadonlySignal, useSignal, useSignalEffect } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import { ask, messageOf } from './client.ts'

export type Resource<Answer> =
  | { readonly kind: 'loading' }
  | { readonly kind: 'ready'; readonly answer: Answer; readonly failure: string | null }
  | { readonly kind: 'failed'; readonly message: string }

/** Between two questions that changes ask for: a stream that catches up has many windows a second. */
const pauseMs = 1_000

/**
 * Reads a path of the API, again whenever `changes` does. What was read stays while it is read again, and where that fails:
 * `failure` then says so.
 */
export function useResource<Answer>(path: string, changes?: ReadonlySignal<number>): Resource<Answer> {
  const resource = useSignal<Resource<Answer>>({ kind: 'loading' })
  const refresh = useRef<() => void>(() => {})

  useEffect(() => {
    const ended = new AbortController()
    let isReading = false
    let isOutdated = false

    async function read(): Promise<void> {
      isReading = true
      isOutdated = false
      try {
        const answer = await ask<Answer>(path, undefined, ended.signal)
        if (!ended.signal.aborted) resource.value = { kind: 'ready', answer, failure: null }
      } catch (error) {
        if (ended.signal.aborted) return
        const message = messageOf(error)
        const before = resource.peek()
        resource.value =
          before.kind === 'ready' ? { ...before, failure: message } : { kind: 'failed', message }
      }
      setTimeout(() => {
        isReading = false
        if (isOutdated && !ended.signal.aborted) void read()
      }, pauseMs)
    }

    refresh.current = () => {
      if (isReading) isOutdated = true
      else void read()
    }
    resource.value = { kind: 'loading' }
    void read()
    return () => ended.abort()
  }, [path])

  useSignalEffect(() => {
    if ((changes?.value ?? 0) > 0) refresh.current()
  })

  return resource.value
}
