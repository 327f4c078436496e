import type { ComponentChildren } from 'preact'

/** What the line, the band and the triangles of a chart are. */
export function Legend({ children }: { readonly children?: ComponentChildren }) {
  return (
    <p class="legend quiet">
      <span class="key line" /> value <span class="key dashed" /> expected <span class="key band" /> usual{' '}
      <span class="anomalous">▼</span> anomalous window
      {children}
    </p>
  )
}
