import { signal } from '@preact/signals'

const names = ['text', 'muted', 'line', 'band', 'expected', 'alarm', 'grid', 'other', 'surface'] as const

export type Colours = Readonly<Record<(typeof names)[number], string>>

/** The colours of page.css that a canvas needs; they change with the system's light or dark. */
export const colours = signal<Colours>(read())

matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => {
  colours.value = read()
})

function read(): Colours {
  const style = getComputedStyle(document.documentElement)
  return Object.fromEntries(names.map(name => [name, style.getPropertyValue(`--${name}`).trim()])) as Colours
}
