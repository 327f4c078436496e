import type { ComponentChildren } from 'preact'

interface LegendProps {
  /** Some window has an edge: elsewhere only several together can be unusual. */
  readonly hasBand: boolean
  readonly children?: ComponentChildren
}

/** What the line, the band and the triangles of a chart are. */
export function Legend({ hasBand, children }: LegendProps) {
  return (
    <p class="legend quiet">
      <span class="key line" /> value <span class="key dashed" /> expected{' '}
      {hasBand && (
        <>
          <span class="key band" /> usual{' '}
        </>
      )}
      <span class="anomalous">▼</span> anomalous window
      {children}
    </p>
  )
}
