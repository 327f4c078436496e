import type { ComponentChildren } from 'preact'

/** A table that scrolls to the side where it has no room. */
export function Wide({ label, children }: { readonly label: string; readonly children: ComponentChildren }) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: who has no pointer scrolls with the arrow keys.
    <section class="wide" aria-label={label} tabIndex={0}>
      {children}
    </section>
  )
}
