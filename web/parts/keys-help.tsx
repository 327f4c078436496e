import { useSignal } from '@preact/signals'
import { useKeyBindings } from '../keys.ts'
import { Modal } from './modal.tsx'

const keys = [
  ['j, k', 'the next incident, the one before'],
  ['Enter', 'open it'],
  ['a', 'acknowledge the incident that is shown'],
  ['s', 'silence it'],
  ['/', 'go to a view, an incident or a metric'],
  ['?', 'this list'],
  ['Esc', 'close']
] as const

/** What the keys do, on `?`. */
export function KeysHelp() {
  const isOpen = useSignal(false)
  useKeyBindings({
    '?': () => {
      isOpen.value = true
    }
  })
  if (!isOpen.value) return null
  const close = () => {
    isOpen.value = false
  }
  return (
    <Modal title="Keys" onClose={close}>
      <dl class="keys">
        {keys.map(([key, what]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <button type="button" onClick={close}>
        Close
      </button>
    </Modal>
  )
}
