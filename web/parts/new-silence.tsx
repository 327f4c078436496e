import { useSignal } from '@preact/signals'
import type { SilenceBody } from '../../src/web/api/silences.ts'
import { ask, messageOf } from '../api/client.ts'
import { silenceChanges } from '../api/live.ts'
import { Choice } from './choice.tsx'
import { Problem } from './notes.tsx'
import { nameIn, OwnName, textIn } from './own-name.tsx'
import { durations, SilencePreview } from './silence-preview.tsx'

type Match = { readonly kind: string; readonly segment: string; readonly severity: string }

const nothing: Match = { kind: '', segment: '', severity: '' }

/** Makes a silence, and shows before who would no longer be notified. */
export function NewSilence() {
  const problem = useSignal<string | null>(null)
  const match = useSignal<Match>(nothing)
  const lasts = useSignal<string>('1h')
  const given = Object.fromEntries(Object.entries(match.value).filter(([, text]) => text !== ''))
  const isSomething = Object.keys(given).length > 0
  async function make(form: HTMLFormElement): Promise<void> {
    const by = nameIn(form)
    const reason = textIn(form, 'reason')
    const body: SilenceBody = { match: given, for: lasts.value, reason, ...(by !== undefined && { by }) }
    try {
      await ask('/api/silences', { method: 'POST', body })
      problem.value = null
      match.value = nothing
      form.reset()
      silenceChanges.value += 1
    } catch (error) {
      problem.value = messageOf(error)
    }
  }
  const field = (name: keyof Match, label: string, example: string) => (
    <label>
      {label}
      <input
        placeholder={example}
        value={match.value[name]}
        onInput={event => {
          match.value = { ...match.value, [name]: event.currentTarget.value.trim() }
        }}
      />
    </label>
  )
  return (
    <section aria-labelledby="new">
      <h2 id="new">New silence</h2>
      <form
        class="form"
        onSubmit={event => {
          event.preventDefault()
          void make(event.currentTarget)
        }}
      >
        {problem.value !== null && <Problem text={problem.value} />}
        {field('kind', 'Kind', 'revenue_drop')}
        {field('segment', 'Segment', 'country=DE')}
        {field('severity', 'Severity', 'any')}
        <Choice label="For" chosen={lasts} from={durations} />
        <label>
          Reason
          <input name="reason" required maxLength={1_000} />
        </label>
        <OwnName />
        {isSomething && <SilencePreview match={given} lasts={lasts.value} />}
        <button type="submit" class="main" disabled={!isSomething}>
          Silence
        </button>
      </form>
    </section>
  )
}
