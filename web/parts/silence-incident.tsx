import { useSignal } from '@preact/signals'
import type { Incident } from '../../src/web/api/incidents.ts'
import type { SilenceAnswer, SilenceBody } from '../../src/web/api/silences.ts'
import { ask, messageOf } from '../api/client.ts'
import { timeText } from '../format/time.ts'
import { segmentText, words } from '../format/words.ts'
import { Choice } from './choice.tsx'
import { Modal } from './modal.tsx'
import { Problem } from './notes.tsx'
import { nameIn, OwnName, textIn } from './own-name.tsx'
import { durations, SilencePreview } from './silence-preview.tsx'

export interface ActionProps {
  readonly incident: Incident
  readonly close: () => void
  readonly finish: (text: string) => void
}

/** Silences the kinds and segments of an incident, once it was shown who would no longer be notified. */
export function SilenceIncident({ incident, close, finish }: ActionProps) {
  const problem = useSignal<string | null>(null)
  const lasts = useSignal<string>('1h')
  const match = {
    kind: incident.alert_kinds,
    segment: [...new Set(incident.alerts.map(({ segment }) => segment))]
  }
  async function confirm(form: HTMLFormElement): Promise<void> {
    const by = nameIn(form)
    const reason = textIn(form, 'reason')
    const body: SilenceBody = { match, for: lasts.value, reason, ...(by !== undefined && { by }) }
    try {
      const made = await ask<SilenceAnswer>('/api/silences', { method: 'POST', body })
      finish(`Silenced until ${timeText(Date.parse(made.ends_at))}.`)
    } catch (error) {
      problem.value = messageOf(error)
    }
  }
  return (
    <Modal title="Silence" onClose={close}>
      <form
        onSubmit={event => {
          event.preventDefault()
          void confirm(event.currentTarget)
        }}
      >
        <p>
          {match.kind.map(words).join(', ')} of {match.segment.map(segmentText).join(', ')}
        </p>
        {problem.value !== null && <Problem text={problem.value} />}
        <Choice label="For" chosen={lasts} from={durations} />
        <label>
          Reason
          <input name="reason" required maxLength={1_000} />
        </label>
        <OwnName />
        <SilencePreview match={match} lasts={lasts.value} />
        <p class="buttons">
          <button type="submit" class="main">
            Silence
          </button>
          <button type="button" onClick={close}>
            Cancel
          </button>
        </p>
      </form>
    </Modal>
  )
}
