import type { LabelBody, LabelledAnswer } from '../../src/web/api/labels.ts'
import { ask } from '../api/client.ts'
import { NamedAction } from './named-action.tsx'
import { textIn } from './own-name.tsx'
import type { ActionProps } from './silence-incident.tsx'

const verdicts = {
  real: 'real: something was wrong',
  false: 'false: nothing was wrong',
  expected: 'expected: it was known to come, and nothing is learned from it'
} as const

/** Says what an incident was; the last word counts. */
export function LabelIncident({ incident, close, finish }: ActionProps) {
  return (
    <NamedAction
      title="Mark as"
      button="Mark"
      text="It counts in the quality report, and in what a backtest shows."
      act={async (by, form) => {
        const label = textIn(form, 'label') as LabelBody['label']
        const reason = textIn(form, 'reason')
        const body: LabelBody = { label, ...(by && { by }), ...(reason && { reason }) }
        const path = `/api/incidents/${incident.id}/label`
        const answer = await ask<LabelledAnswer>(path, { method: 'POST', body })
        finish(`Marked as ${answer.label} by ${answer.by}.`)
      }}
      {...{ close }}
    >
      <fieldset>
        <legend>It was</legend>
        {Object.entries(verdicts).map(([verdict, text]) => (
          <label key={verdict} class="check">
            <input
              type="radio"
              name="label"
              value={verdict}
              defaultChecked={verdict === (incident.label?.verdict ?? 'real')}
            />
            {text}
          </label>
        ))}
      </fieldset>
      <label>
        Why (may be left out)
        <input name="reason" maxLength={1_000} />
      </label>
    </NamedAction>
  )
}
