import { useSignal } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { messageOf } from '../api/client.ts'
import { Modal } from './modal.tsx'
import { Problem } from './notes.tsx'
import { nameIn, OwnName } from './own-name.tsx'

interface NamedActionProps {
  readonly title: string
  readonly button: string
  readonly text: string
  readonly act: (by: string | undefined, form: HTMLFormElement) => Promise<void>
  readonly close: () => void
  /** Further fields. */
  readonly children?: ComponentChildren
}

/** Asks who does it, where nobody signed in, and does it. */
export function NamedAction({ title, button, text, act, close, children }: NamedActionProps) {
  const problem = useSignal<string | null>(null)
  async function confirm(form: HTMLFormElement): Promise<void> {
    try {
      await act(nameIn(form), form)
    } catch (error) {
      problem.value = messageOf(error)
    }
  }
  return (
    <Modal title={title} onClose={close}>
      <form
        onSubmit={event => {
          event.preventDefault()
          void confirm(event.currentTarget)
        }}
      >
        <p>{text}</p>
        {problem.value !== null && <Problem text={problem.value} />}
        {children}
        <OwnName />
        <p class="buttons">
          <button type="submit" class="main">
            {button}
          </button>
          <button type="button" onClick={close}>
            Cancel
          </button>
        </p>
      </form>
    </Modal>
  )
}
