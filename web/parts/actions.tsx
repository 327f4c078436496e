import { useSignal } from '@preact/signals'
import type { AcknowledgedAnswer, EscalatedAnswer } from '../../src/web/api/actions.ts'
import type { Incident } from '../../src/web/api/incidents.ts'
import { ask, mayOperate } from '../api/client.ts'
import { useKeyBindings } from '../keys.ts'
import { LabelIncident } from './label-incident.tsx'
import { NamedAction } from './named-action.tsx'
import { type ActionProps, SilenceIncident } from './silence-incident.tsx'

type Action = 'acknowledge' | 'silence' | 'escalate' | 'label'

/** What somebody can do about an incident. */
export function Actions({ incident }: { readonly incident: Incident }) {
  const asked = useSignal<Action | null>(null)
  const done = useSignal<string | null>(null)
  const isOpen = incident.status === 'open'
  const open = (action: Action) => () => {
    done.value = null
    if (mayOperate() && (isOpen || action === 'label')) asked.value = action
  }
  useKeyBindings({ a: open('acknowledge'), s: open('silence') })
  if (!mayOperate()) return null
  /** A dialog tells late that it was closed: by then another one may be open. */
  const closing = (action: Action) => () => {
    if (asked.peek() === action) asked.value = null
  }
  const finish = (text: string) => {
    asked.value = null
    done.value = text
  }
  return (
    <div class="actions">
      {isOpen && (
        <>
          <button type="button" class="main" aria-keyshortcuts="a" onClick={open('acknowledge')}>
            {incident.acknowledged === null ? 'Acknowledge' : 'Take over'}
          </button>
          <button type="button" aria-keyshortcuts="s" onClick={open('silence')}>
            Silence …
          </button>
        </>
      )}
      {isOpen && incident.escalation !== null && (
        <button type="button" onClick={open('escalate')}>
          Escalate …
        </button>
      )}
      <button type="button" onClick={open('label')}>
        Mark as …
      </button>
      <span role="status">{done.value}</span>
      {asked.value === 'acknowledge' && (
        <Acknowledge close={closing('acknowledge')} {...{ incident, finish }} />
      )}
      {asked.value === 'silence' && <SilenceIncident close={closing('silence')} {...{ incident, finish }} />}
      {asked.value === 'escalate' && <Escalate close={closing('escalate')} {...{ incident, finish }} />}
      {asked.value === 'label' && <LabelIncident close={closing('label')} {...{ incident, finish }} />}
    </div>
  )
}

function Acknowledge({ incident, close, finish }: ActionProps) {
  return (
    <NamedAction
      title="Acknowledge"
      button="Acknowledge"
      text="It ends the reminders, and tells everybody who was notified that you are on it."
      act={async by => {
        const path = `/api/incidents/${incident.id}/acknowledge`
        const answer = await ask<AcknowledgedAnswer>(path, { method: 'POST', body: { by } })
        finish(`Acknowledged by ${answer.by}.`)
      }}
      {...{ close }}
    />
  )
}

function Escalate({ incident, close, finish }: ActionProps) {
  const { escalation } = incident
  const next = (escalation?.taken.length ?? 0) + 1
  return (
    <NamedAction
      title="Escalate"
      button="Escalate"
      text={`It notifies level ${next} of ${escalation?.levels} of the policy ${escalation?.policy}, now.`}
      act={async by => {
        const path = `/api/incidents/${incident.id}/escalate`
        const answer = await ask<EscalatedAnswer>(path, { method: 'POST', body: { by } })
        finish(`Level ${answer.level} of ${answer.levels} is notified.`)
      }}
      {...{ close }}
    />
  )
}
