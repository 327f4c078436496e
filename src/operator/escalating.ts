import { nextLevelOf } from '../incident/escalation.ts'
import type { OperatorAction, StoredIncident } from '../incident/types.ts'
import { english, type Translate } from '../language/translator.ts'
import { look, type NotOpen } from './acknowledging.ts'
import { type Asked, escalating } from './actions.ts'
import type { Operating } from './operator.ts'

export type EscalationAnswer =
  | NotOpen
  | {
      readonly kind: 'done'
      readonly incident: StoredIncident
      readonly action: OperatorAction
      /** Counted from 1, and how many there are. */
      readonly level: number
      readonly levels: number
    }
  /** No route of it names a policy. */
  | { readonly kind: 'no_policy'; readonly incident: StoredIncident }
  | { readonly kind: 'last_level'; readonly incident: StoredIncident; readonly levels: number }
  /** Nobody may be notified of it. */
  | { readonly kind: 'silenced'; readonly incident: StoredIncident }

/** Asks for the next level of an incident's escalation, by its id or the beginning of it. */
export async function escalate(operating: Operating, id: string, asked: Asked): Promise<EscalationAnswer> {
  const looked = await look(operating, id)
  if (looked.kind !== 'open') return looked
  const { incident } = looked
  const { escalation } = incident
  if (escalation === undefined) return { kind: 'no_policy', incident }
  if (incident.silencedBy !== null) return { kind: 'silenced', incident }
  const { levels } = escalation
  const level = nextLevelOf(escalation)
  if (level === null) return { kind: 'last_level', incident, levels }
  const action = escalating(incident, level, asked)
  await operating.act(action)
  return { kind: 'done', incident, action, level, levels }
}

/** Why nothing was done, for a person. */
export function notEscalatedText(
  answer: Exclude<EscalationAnswer, { kind: 'done' }>,
  t: Translate = english
): string {
  switch (answer.kind) {
    case 'unknown':
    case 'ambiguous':
      return t('click.escalation.unknown')
    case 'last_level':
      return t('click.escalation.last_level', { levels: answer.levels })
    default:
      return t(`click.escalation.${answer.kind}`)
  }
}
