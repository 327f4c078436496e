import { signal } from '@preact/signals'
import { useEffect } from 'preact/hooks'

/** What the view that is shown does on a key; a view sets and clears its own. */
const bound = signal<Readonly<Record<string, () => void>>>({})

/** Binds keys for as long as a part of the page is shown. */
export function useKeyBindings(bindings: Readonly<Record<string, () => void>>): void {
  useEffect(() => {
    bound.value = { ...bound.peek(), ...bindings }
    return () => {
      const left = Object.entries(bound.peek()).filter(([key, act]) => bindings[key] !== act)
      bound.value = Object.fromEntries(left)
    }
  })
}

/** Listens to keys. Whoever types into a field, or holds a control key, means no shortcut. */
export function useKeys(): void {
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return
      if (document.querySelector('dialog[open]') !== null) return
      const act = bound.value[event.key]
      if (act === undefined) return
      event.preventDefault()
      act()
    }
    document.addEventListener('keydown', pressed)
    return () => document.removeEventListener('keydown', pressed)
  }, [])
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && target.matches('input, textarea, select, [contenteditable]')

/** Moves the focus to the next or the former of the elements that a selector finds. */
export function moveFocus(selector: string, step: 1 | -1): void {
  const all = [...document.querySelectorAll<HTMLElement>(selector)]
  const at = all.indexOf(document.activeElement as HTMLElement)
  all[Math.min(all.length - 1, Math.max(0, at + step))]?.focus()
}
