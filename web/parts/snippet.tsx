import { useSignal } from '@preact/signals'

/** A part of the configuration, to be copied. */
export function Snippet({ yaml }: { readonly yaml: string }) {
  const result = useSignal<{ readonly of: string; readonly text: string } | null>(null)
  async function copy(): Promise<void> {
    const text = await navigator.clipboard.writeText(yaml).then(
      () => 'copied',
      () => 'The browser does not let a page copy here: mark the text instead.'
    )
    result.value = { of: yaml, text }
  }
  return (
    <section aria-labelledby="snippet">
      <h2 id="snippet">For cartwatch.yaml</h2>
      <pre>{yaml}</pre>
      <button type="button" onClick={() => void copy()}>
        Copy
      </button>{' '}
      <span role="status">{result.value?.of === yaml ? result.value.text : ''}</span>
      <p class="quiet">
        Before you take it over, <code>npx cartwatch backtest --config new.yaml</code> judges all kinds
        together.
      </p>
    </section>
  )
}
