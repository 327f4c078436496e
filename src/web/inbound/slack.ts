import type { FastifyInstance } from 'fastify'
import { z } from 'zod'
import { severities } from '../../../detectors/types.ts'
import { languages } from '../../language/language.ts'
import { translator } from '../../language/translator.ts'
import { type Answered, acknowledge, silenceIncident } from '../../operator/acknowledging.ts'
import { type Asked, nameOf } from '../../operator/actions.ts'
import { type EscalationAnswer, escalate, notEscalatedText } from '../../operator/escalating.ts'
import { messageOf } from '../../telemetry/message.ts'
import { hourMs } from '../../time/units.ts'
import { bytesOf, headerOf, jsonOf, type Rotating, refuseUnverified, type Way } from './context.ts'
import { createSeen } from './replay-guard.ts'
import { signedWithinMs, verifySlack } from './signatures.ts'
import { slackAnswers } from './slack-answers.ts'
import { type ClickedMessage, doneText, escalatedText, undoneText, updateOf } from './slack-update.ts'

/** As much of a click as is read here. */
const clickSchema = z.object({
  type: z.literal('block_actions'),
  user: z.object({ id: z.string(), username: z.string().optional(), name: z.string().optional() }),
  actions: z
    .array(z.object({ action_id: z.string(), action_ts: z.string(), value: z.string().optional() }))
    .min(1),
  response_url: z.string().optional(),
  message: z.record(z.string(), z.unknown()).optional()
})

const valueSchema = z.object({
  incident: z.string().min(1).max(100),
  severity: z.enum(severities),
  edited: z.boolean().optional(),
  /** Of the message; of another version it may be one that is not known here. */
  language: z.enum(languages).optional().catch(undefined)
})

const maxBytes = 262_144
const silenceMs = hourMs

type Button = 'acknowledge' | 'silence' | 'escalate'

/**
 * POST /slack/interactions: the buttons of a message. Slack waits for 3 s, so it is answered before the action is
 * stored. The result goes to the `response_url`: the message without the button, or why nothing was done.
 */
export function addSlack(app: FastifyInstance, way: Way, { key, secrets }: Rotating): void {
  const { operating, audit, log } = way
  // A time may be off by the bound either way, so a signature is of use for twice as long.
  const seen = createSeen({ forMs: 2 * signedWithinMs, most: 10_000 })
  const answerClick = slackAnswers(way.slackOrigins, log)

  app.post('/slack/interactions', { bodyLimit: maxBytes }, async (request, reply) => {
    const body = bytesOf(request)
    const signature = headerOf(request, 'x-slack-signature')
    const timestamp = headerOf(request, 'x-slack-request-timestamp')
    const nowMs = operating.now()
    const verified = verifySlack(secrets(), { body, timestamp, signature }, nowMs)
    if (verified.kind === 'wrong' || !seen.add(signature ?? '', nowMs)) {
      const reason = verified.kind === 'wrong' ? verified.reason : 'seen_before'
      return refuseUnverified(way, request, reply, { reason, code: 401 })
    }
    audit.verified(request, key, verified.place)
    const click = clickSchema.safeParse(jsonOf(new URLSearchParams(body.toString()).get('payload') ?? ''))
    const pressed = click.data?.actions.find(({ action_id }) => isButton(action_id))
    const value = valueSchema.safeParse(jsonOf(pressed?.value ?? ''))
    if (!click.success || pressed === undefined || !value.success) {
      // Buttons that are links, such as View Dashboard, report clicks too.
      audit.ignored(request, 'another_interaction')
      return reply.send()
    }
    reply.send()
    const { user, message, response_url: answerTo } = click.data
    const by = nameOf(user.username ?? user.name, user.id)
    const asked: Asked = { by, via: 'slack', at: nowMs, request: `${user.id} ${pressed.action_ts}` }
    const button = pressed.action_id as Button
    try {
      const { answered, answer } = await press(
        button,
        value.data,
        asked,
        message as ClickedMessage | undefined
      )
      if (answered.kind === 'done') audit.taken(request, answered.action)
      else audit.ignored(request, answered.kind)
      if (answer !== null) await answerClick(answerTo, answer)
    } catch (error) {
      audit.refused(request, 'unavailable')
      log.error({ error: messageOf(error) }, 'a click in Slack could not be stored')
      await answerClick(answerTo, whispered(translator(value.data.language).t('click.unavailable')))
    }
    return reply
  })

  /** What came of it, and the answer to the click; null where the sender edits the message itself: an answer of ours could undo that. */
  async function press(
    button: Button,
    { incident, severity, edited, language }: z.output<typeof valueSchema>,
    asked: Asked,
    message: ClickedMessage | undefined
  ): Promise<{ answered: Answered | EscalationAnswer; answer: object | null }> {
    const { t } = translator(language)
    if (button === 'escalate') {
      const answered = await escalate(operating, incident, asked)
      if (answered.kind !== 'done')
        return {
          answered,
          answer: whispered(t('click.not_escalated', { reason: notEscalatedText(answered, t) }))
        }
      const isLast = answered.level === answered.levels
      return { answered, answer: updateOf(message, button, escalatedText(answered, asked, t), !isLast) }
    }
    const answered =
      button === 'acknowledge'
        ? await acknowledge(operating, incident, severity, asked)
        : await silenceIncident(operating, incident, silenceMs, asked)
    if (answered.kind !== 'done') return { answered, answer: whispered(undoneText(answered, t)) }
    if (button === 'acknowledge' && edited === true) return { answered, answer: null }
    return { answered, answer: updateOf(message, button, doneText(button, asked, t)) }
  }
}

const isButton = (id: string): id is Button => id === 'acknowledge' || id === 'silence' || id === 'escalate'

/** Only the person who clicked sees it. */
const whispered = (text: string) => ({ replace_original: false, response_type: 'ephemeral', text })
