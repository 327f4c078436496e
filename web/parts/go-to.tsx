import { useSignal } from '@preact/signals'
import { useLocation } from 'wouter-preact'
import type { IncidentsAnswer } from '../../src/web/api/incidents.ts'
import type { MetricsAnswer } from '../../src/web/api/metrics.ts'
import { useResource } from '../api/resource.ts'
import { words } from '../format/words.ts'
import { useKeyBindings } from '../keys.ts'
import { Modal } from './modal.tsx'

/** Goes to a view, an open incident or a metric by a part of its name, on `/`. */
export function GoTo() {
  const isOpen = useSignal(false)
  useKeyBindings({
    '/': () => {
      isOpen.value = true
    }
  })
  const close = () => {
    isOpen.value = false
  }
  return isOpen.value ? <Search onClose={close} /> : null
}

const views = [
  { name: 'Now', path: '/' },
  { name: 'Incidents', path: '/incidents' },
  { name: 'Explore', path: '/explore' },
  { name: 'Silences', path: '/silences' },
  { name: 'Deliveries', path: '/receivers' },
  { name: 'Routes', path: '/routes' },
  { name: 'Tune', path: '/tune' }
]

const mostShown = 12

function Search({ onClose }: { readonly onClose: () => void }) {
  const [, navigate] = useLocation()
  const typed = useSignal('')
  const incidents = useResource<IncidentsAnswer>('/api/incidents?status=open')
  const metrics = useResource<MetricsAnswer>('/api/metrics')
  const places = [
    ...views,
    ...(incidents.kind === 'ready' ? incidents.answer.incidents : []).map(({ id, title }) => ({
      name: title,
      path: `/incidents/${id}`
    })),
    ...(metrics.kind === 'ready' ? metrics.answer.metrics : []).map(({ name, whole_shop }) => ({
      name: `Explore ${words(name)}`,
      path: whole_shop ? `/explore?metric=${name}` : `/explore?metric=${name}&segment=`
    }))
  ]
  const found = places
    .filter(({ name }) => name.toLowerCase().includes(typed.value.trim().toLowerCase()))
    .slice(0, mostShown)
  const goTo = (path: string | undefined) => {
    if (path === undefined) return
    onClose()
    navigate(path)
  }
  return (
    <Modal title="Go to" onClose={onClose}>
      <form
        onSubmit={event => {
          event.preventDefault()
          goTo(found[0]?.path)
        }}
      >
        <label>
          A view, an incident or a metric
          <input
            type="search"
            value={typed.value}
            autocomplete="off"
            onInput={event => {
              typed.value = event.currentTarget.value
            }}
          />
        </label>
      </form>
      <ul class="places">
        {found.map(({ name, path }) => (
          <li key={path}>
            <button type="button" onClick={() => goTo(path)}>
              {name}
            </button>
          </li>
        ))}
      </ul>
      {found.length === 0 && <p class="quiet">Nothing has that in its name.</p>}
    </Modal>
  )
}
