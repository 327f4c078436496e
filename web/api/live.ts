import { computed, effect, signal } from '@preact/signals'
import type { EventName } from '../../src/web/api/events.ts'
import { session } from './client.ts'

/** How often each kind of thing has changed since the page was opened: a view that reads it reads again. */
const counts = {
  window: signal(0),
  incident: signal(0),
  delivery: signal(0),
  silence: signal(0)
} as const

export const windowChanges = computed(
  () => counts.window.value + counts.incident.value + counts.silence.value
)
export const incidentChanges = computed(() => windowChanges.value + counts.delivery.value)
/** Those of incidents alone. */
export const incidentNews = counts.incident
export const deliveryChanges = counts.delivery
export const silenceChanges = counts.silence

/** Since when changes come no more, in milliseconds; null while they come. */
export const lostSince = signal<number | null>(null)

const retryMs = 5_000
/** Where events do not come, views still look now and then. */
const lookMs = 30_000

/** Listens to changes for as long as the page is open, and somebody may see them. */
export function listen(): void {
  effect(() => {
    if (session.value === null || session.value === 'signed_out') return
    return connect()
  })
  setInterval(() => {
    counts.window.value += 1
  }, lookMs)
}

/** Gives what ends it. */
function connect(): () => void {
  let retry: ReturnType<typeof setTimeout>
  let source = open()

  function open(): EventSource {
    // The browser connects again by itself, and says which event it had last, unless it was refused.
    const opened = new EventSource('/api/events')
    opened.addEventListener('open', () => {
      if (lostSince.peek() !== null) changeAll()
      lostSince.value = null
    })
    opened.addEventListener('error', () => {
      if (lostSince.peek() === null) lostSince.value = Date.now()
      if (opened.readyState !== EventSource.CLOSED) return
      retry = setTimeout(() => {
        source = open()
      }, retryMs)
    })
    for (const name of ['window', 'incident', 'delivery', 'silence'] satisfies EventName[])
      opened.addEventListener(name, () => {
        counts[name].value += 1
      })
    opened.addEventListener('reset' satisfies EventName, changeAll)
    return opened
  }

  return () => {
    clearTimeout(retry)
    source.close()
    lostSince.value = null
  }
}

function changeAll(): void {
  for (const count of Object.values(counts)) count.value += 1
}
