const shapes: Readonly<Record<string, string>> = { critical: '▲', high: '◆', medium: '■', low: '●' }

/** A severity by word, shape and colour. */
export function Severity({ of: severity }: { readonly of: string }) {
  return (
    <span class={`severity ${severity}`}>
      <span aria-hidden="true">{shapes[severity] ?? '■'}</span> {severity}
    </span>
  )
}
