import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { PreviewAnswer, SilenceBody } from '../../src/web/api/silences.ts'
import { ask, messageOf } from '../api/client.ts'
import { counted } from '../format/words.ts'

export const durations = [
  ['30m', '30 minutes'],
  ['1h', '1 hour'],
  ['4h', '4 hours'],
  ['24h', 'a day'],
  ['7d', 'a week']
] as const

interface PreviewProps {
  readonly match: SilenceBody['match']
  readonly lasts: string
}

/** Who would no longer be told of what. */
export function SilencePreview({ match, lasts }: PreviewProps) {
  const preview = useSignal<PreviewAnswer | string | null>(null)
  const asked = JSON.stringify({ match, for: lasts })
  useEffect(() => {
    const ended = new AbortController()
    const body: unknown = JSON.parse(asked)
    ask<PreviewAnswer>('/api/silences/preview', { method: 'POST', body }, ended.signal)
      .then(answer => {
        preview.value = answer
      })
      .catch(error => {
        if (!ended.signal.aborted) preview.value = messageOf(error)
      })
    return () => ended.abort()
  }, [asked])
  return (
    <div class="preview" role="status">
      <PreviewText preview={preview.value} />
    </div>
  )
}

function PreviewText({ preview }: { readonly preview: PreviewAnswer | string | null }) {
  if (preview === null) return <p class="quiet">Looking who would no longer be notified …</p>
  if (typeof preview === 'string') return <p class="quiet">{preview}</p>
  const { incidents, receivers } = preview
  if (incidents.length === 0) return <p>No open incident is like this: it would cover future ones alone.</p>
  return (
    <>
      <p>
        <b>No longer notified:</b> {receivers.length === 0 ? 'nobody, as now' : receivers.join(', ')}
      </p>
      <p>Of {counted(incidents.length, 'open incident')}:</p>
      <ul>
        {incidents.map(({ id, title, severity }) => (
          <li key={id}>
            {title} ({severity})
          </li>
        ))}
      </ul>
    </>
  )
}
