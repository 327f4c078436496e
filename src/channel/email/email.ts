import { z } from 'zod'
import type { Sender, SendResult } from '../../delivery/channel.ts'
import type { NotificationRecord } from '../../incident/types.ts'
import type { EmailSettings } from '../../routing/receiver.ts'
import { maskAnswer } from '../mask.ts'
import { rendered } from '../message/plain-fallback.ts'
import type { Pictures } from '../picture/pictures.ts'
import type { Own } from '../template/own.ts'
import type { RenderOptions } from '../types.ts'
import { type EmailMessage, emailMessage, plainEmailMessage } from './message.ts'
import { createRecipients, namedRefusals, type Refusal } from './recipients.ts'

interface EmailOptions extends EmailSettings {
  readonly renderOptions: RenderOptions
  /** From opening the connection to the server's last word. */
  readonly timeoutMs: number
  readonly pictures?: Pictures
  readonly own?: Own<EmailMessage>
}

/**
 * Mail over SMTP. The message reference is the Message-ID of an incident's first mail, which later ones answer. A recipient
 * that the server refuses for now is tried again alone.
 */
export function createEmailChannel({
  renderOptions,
  timeoutMs,
  pictures,
  own,
  ...settings
}: EmailOptions): Sender {
  const { from, to } = settings
  let transporter: ReturnType<typeof transporterOf> | undefined
  const secrets = secretsOf(settings)
  const recipients = createRecipients()

  /** What the attempt means for the whole mail. */
  function conclude({ id }: NotificationRecord, attempt: Attempt, sentAs: Identity): SendResult {
    const { left = [], hasTaken, refused } = recipients.note(id, attempt.taken, attempt.refusals)
    const isWhole = to.length === 1 || (attempt.isOfAll && !hasTaken)
    const answer = maskAnswer(isWhole ? attempt.response : answerOf(attempt, refused), secrets)
    const status = Math.max(...attempt.refusals.map(refusal => refusal.status))
    if (left.length > 0)
      return { kind: 'retry', answer, ...statusIn(status), ...(hasTaken && { isOfPart: true }) }
    if (!hasTaken) return { kind: 'refused', answer, ...statusIn(status) }
    return { kind: 'sent', answer, ...sentAs, ...(refused.length > 0 && { isPartlyRefused: true }) }
  }

  async function usual(notification: NotificationRecord): Promise<EmailMessage> {
    const picture = (await pictures?.of(notification)) ?? null
    const render = () => emailMessage(notification, renderOptions, picture)
    return rendered(notification, renderOptions, render, plainEmailMessage)
  }

  return {
    async send(notification, earlier) {
      const headers = headersOf(notification, from, earlier)
      const { attachments = [], ...message } = own?.(notification) ?? (await usual(notification))
      transporter ??= transporterOf(settings, timeoutMs)
      const transport = await transporter
      const signal = AbortSignal.timeout(timeoutMs)
      const { left } = recipients.of(notification.id)
      const sentAs = { messageRef: earlier ?? headers.messageId, requestId: headers.messageId }
      try {
        const {
          accepted,
          response,
          rejectedErrors = []
        } = await transport.sendMail({
          from,
          to: [...to],
          ...(left && { envelope: { from, to: [...left] } }),
          ...message,
          attachments: [...attachments],
          ...headers,
          signal,
          // No text of ours names a file or an address to be read.
          disableFileAccess: true,
          disableUrlAccess: true
        })
        const refusals = rejectedErrors.map(refusalOf)
        return conclude(notification, { taken: accepted.length, isOfAll: false, response, refusals }, sentAs)
      } catch (error) {
        const { answer, status, isFinal, refusals } = faultIn(error)
        const attempt = { taken: 0, response: answer, isOfAll: false, refusals }
        if (refusals.length > 0) return conclude(notification, attempt, sentAs)
        if (!isFinal) {
          const timedOut = signal.aborted ? `no answer within ${timeoutMs} ms` : undefined
          return { kind: 'retry', answer: maskAnswer(timedOut ?? answer, secrets), ...statusIn(status) }
        }
        const everyone = (left ?? to).map(recipient => ({ recipient, isFinal, status, answer }))
        return conclude(notification, { ...attempt, isOfAll: true, refusals: everyone }, sentAs)
      }
    }
  }
}

type Identity = Pick<Extract<SendResult, { readonly kind: 'sent' }>, 'messageRef' | 'requestId'>

interface Attempt {
  /** How many recipients took the mail. */
  readonly taken: number
  /** The server's last word. */
  readonly response: string
  /** The server refused the mail, not some of its recipients. */
  readonly isOfAll: boolean
  readonly refusals: readonly Refusal[]
}

/** Who did not get it and why, or what the server said where everybody did. */
function answerOf({ taken, response, refusals }: Attempt, refused: readonly Refusal[]): string {
  const passing = refusals.filter(({ isFinal }) => !isFinal)
  const parts = [
    ...(passing.length > 0 ? [`tried again for ${namedRefusals(passing)}`] : []),
    ...(refused.length > 0 ? [`refused for ${namedRefusals(refused)}`] : [])
  ]
  return [...(taken > 0 ? [response] : []), ...parts].join('; ')
}

/** The password, alone and as a login has it: a server may repeat it. */
export function secretsOf({ user, password }: Pick<EmailSettings, 'user' | 'password'>): string[] {
  if (password === null) return []
  const base64 = (text: string): string => Buffer.from(text).toString('base64')
  return [base64(`\0${user}\0${password}`), base64(password), password]
}

/** Loaded for the first mail: most shops send none. */
export async function transporterOf({ host, port, tls, user, password }: EmailSettings, timeoutMs: number) {
  const { createTransport } = await import('nodemailer')
  return createTransport({
    host,
    port,
    secure: tls === 'tls',
    // Never in the clear where it was to be encrypted, whatever the server offers.
    requireTLS: tls === 'starttls',
    ignoreTLS: tls === 'none',
    ...(user !== null && { auth: { user, pass: password ?? '' } }),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    dnsTimeout: timeoutMs
  })
}

/** 0 and less: the server gave none. */
const statusIn = (status: number) => (status > 0 ? { status } : {})

const priorityOf = (severity: NotificationRecord['severity']) =>
  severity === 'critical' || severity === 'high' ? ('high' as const) : ('normal' as const)

/** What makes one conversation of an incident's mails: all refer to a message that stands for it. */
function headersOf(
  { id, incidentId, severity, action }: NotificationRecord,
  from: string,
  earlier: string | null
) {
  const domain = /@([\w.-]+)>?\s*$/.exec(from)?.[1] ?? 'cartwatch.invalid'
  const incident = `<incident.${incidentId}@${domain}>`
  return {
    messageId: `<${id}@${domain}>`,
    references: earlier === null ? [incident] : [incident, earlier],
    ...(earlier !== null && { inReplyTo: earlier }),
    priority: priorityOf(severity),
    headers: {
      'X-Cartwatch-Severity': severity,
      'X-Cartwatch-Action': action,
      'Auto-Submitted': 'auto-generated'
    }
  }
}

const nodemailerError = z.object({
  responseCode: z.number().optional().catch(undefined),
  response: z.string().optional().catch(undefined),
  code: z.string().optional().catch(undefined),
  message: z.string().optional().catch(undefined),
  recipient: z.string().optional().catch(undefined),
  rejectedErrors: z.array(z.unknown()).optional().catch(undefined)
})

function refusalOf(error: unknown): Refusal {
  const { recipient = 'a recipient', response = '', responseCode = 0 } = nodemailerError.parse(error)
  return { recipient, answer: response, status: responseCode, isFinal: responseCode >= 500 }
}

/** A reply of 5xx is for good, one of 4xx passes, and so may whatever kept the server from replying. */
export function faultIn(error: unknown) {
  const { responseCode = 0, response, code, message, rejectedErrors = [] } = nodemailerError.parse(error)
  const said = response ?? [code, message].filter(Boolean).join(' ')
  return {
    answer: said || 'failed',
    status: responseCode,
    isFinal: responseCode >= 500,
    refusals: rejectedErrors.map(refusalOf)
  }
}
