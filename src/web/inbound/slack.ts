import type { FastifyInstance } from 'fastify'
import { translator } from '../../language/translator.ts'
import { type Answered, acknowledge, silenceIncident } from '../../operator/acknowledging.ts'
import { type Asked, nameOf } from '../../operator/actions.ts'
import { type EscalationAnswer, escalate, notEscalatedText } from '../../operator/escalating.ts'
import { type LabelAnswer, label } from '../../operator/labelling.ts'
import { messageOf } from '../../telemetry/message.ts'
import { hourMs } from '../../time/units.ts'
import { bytesOf, headerOf, jsonOf, type Rotating, refuseUnverified, type Way } from './context.ts'
import { createSeen } from './replay-guard.ts'
import { signedWithinMs, verifySlack } from './signatures.ts'
import { slackAnswers } from './slack-answers.ts'
import { clickSchema, type Pressed, pressedOf } from './slack-click.ts'
import {
  type ClickedMessage,
  doneText,
  escalatedText,
  labelledText,
  undoneText,
  updateOf
} from './slack-update.ts'

const maxBytes = 262_144
const silenceMs = hourMs

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
    const found = click.success ? pressedOf(click.data.actions) : undefined
    if (!click.success || found === undefined) {
      // Buttons that are links, such as View Dashboard, report clicks too.
      audit.ignored(request, 'another_interaction')
      return reply.send()
    }
    reply.send()
    const { action, pressed } = found
    const { user, message, response_url: answerTo } = click.data
    const by = nameOf(user.username ?? user.name, user.id)
    const asked: Asked = { by, via: 'slack', at: nowMs, request: `${user.id} ${action.action_ts}` }
    try {
      const { answered, answer } = await press(pressed, asked, message as ClickedMessage | undefined)
      if (answered.kind === 'done') audit.taken(request, answered.action)
      else audit.ignored(request, answered.kind)
      if (answer !== null) await answerClick(answerTo, answer)
    } catch (error) {
      audit.refused(request, 'unavailable')
      log.error({ error: messageOf(error) }, 'a click in Slack could not be stored')
      await answerClick(answerTo, whispered(translator(pressed.language).t('click.unavailable')))
    }
    return reply
  })

  /** What came of it, and the answer to the click; null where the sender edits the message itself: an answer of ours could undo that. */
  async function press(
    pressed: Pressed,
    asked: Asked,
    message: ClickedMessage | undefined
  ): Promise<{ answered: Answered | EscalationAnswer | LabelAnswer; answer: object | null }> {
    const { button, incident, language } = pressed
    const { t } = translator(language)
    if (button === 'label') {
      const { verdict } = pressed
      const answered = await label(operating, incident, { verdict, reason: '' }, asked)
      if (answered.kind !== 'done') return { answered, answer: whispered(t('click.unknown')) }
      return { answered, answer: updateOf(message, button, labelledText(verdict, asked, t), true) }
    }
    const { severity, edited } = pressed
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

/** Only the person who clicked sees it. */
const whispered = (text: string) => ({ replace_original: false, response_type: 'ephemeral', text })
