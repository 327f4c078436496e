import { z } from 'zod'
import { severities } from '../../../detectors/types.ts'
import { verdicts } from '../../incident/label.ts'
import { languages } from '../../language/language.ts'
import { jsonOf } from './context.ts'

/** As much of a click as is read here. */
export const clickSchema = z.object({
  type: z.literal('block_actions'),
  user: z.object({ id: z.string(), username: z.string().optional(), name: z.string().optional() }),
  actions: z
    .array(
      z.object({
        action_id: z.string(),
        action_ts: z.string(),
        value: z.string().optional(),
        /** Of a menu. */
        selected_option: z.object({ value: z.string() }).optional()
      })
    )
    .min(1),
  response_url: z.string().optional(),
  message: z.record(z.string(), z.unknown()).optional()
})

type ClickedAction = z.output<typeof clickSchema>['actions'][number]

const incident = z.string().min(1).max(100)
/** Of the message; of another version it may be one that is not known here. */
const language = z.enum(languages).optional().catch(undefined)

const buttonValue = z.object({
  incident,
  severity: z.enum(severities),
  edited: z.boolean().optional(),
  language
})
const optionValue = z.tuple([z.enum(verdicts), incident, language])

type Button = 'acknowledge' | 'silence' | 'escalate'

/** What somebody pressed, and what its button or option holds. */
export type Pressed =
  | ({ readonly button: Button } & z.output<typeof buttonValue>)
  | {
      readonly button: 'label'
      readonly verdict: (typeof verdicts)[number]
      readonly incident: string
      readonly language: z.output<typeof language>
    }

/** The first of a click's actions that is ours; undefined where none is. */
export function pressedOf(
  actions: readonly ClickedAction[]
): { readonly action: ClickedAction; readonly pressed: Pressed } | undefined {
  const action = actions.find(({ action_id: id }) => isButton(id) || id === 'label')
  if (action === undefined) return undefined
  const { action_id: id, value, selected_option: option } = action
  if (isButton(id)) {
    const read = buttonValue.safeParse(jsonOf(value ?? ''))
    return read.success ? { action, pressed: { button: id, ...read.data } } : undefined
  }
  const [verdict, of, inLanguage] = (option?.value ?? '').split(' ')
  const read = optionValue.safeParse([verdict, of, inLanguage])
  if (!read.success) return undefined
  const [said, incidentId, known] = read.data
  return { action, pressed: { button: 'label', verdict: said, incident: incidentId, language: known } }
}

const isButton = (id: string): id is Button => id === 'acknowledge' || id === 'silence' || id === 'escalate'
