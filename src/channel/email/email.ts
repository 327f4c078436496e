import { createTransport } from 'nodemailer'
import type { Sender, SendResult } from '../../delivery/channel.ts'
import type { NotificationRecord } from '../../incident/types.ts'
import type { EmailSettings } from '../../routing/receiver.ts'
import { maskAnswer } from '../mask.ts'
import { rendered } from '../message/plain-fallback.ts'
import type { RenderOptions } from '../types.ts'
import { emailMessage, plainEmailMessage } from './message.ts'

interface EmailOptions extends EmailSettings {
  readonly renderOptions: RenderOptions
  /** From opening the connection to the server's last word. */
  readonly timeoutMs: number
}

/** Mail over SMTP. The message reference is the Message-ID of an incident's first mail, which later ones answer. */
export function createEmailChannel({ renderOptions, timeoutMs, ...settings }: EmailOptions): Sender {
  const { from, to } = settings
  const transport = createTransport(transportOf(settings, timeoutMs))
  const secrets = secretsOf(settings)
  return {
    async send(notification, earlier) {
      const headers = headersOf(notification, from, earlier)
      const message = rendered(notification, renderOptions, emailMessage, plainEmailMessage)
      const signal = AbortSignal.timeout(timeoutMs)
      try {
        const taken = await transport.sendMail({
          from,
          to: [...to],
          ...message,
          ...headers,
          signal,
          // No text of ours names a file or an address to be read.
          disableFileAccess: true,
          disableUrlAccess: true
        })
        const { response, rejected } = taken
        const partly = rejected.length > 0 ? `; refused for ${rejected.length} of ${to.length}` : ''
        const messageRef = earlier ?? headers.messageId
        return {
          kind: 'sent',
          answer: maskAnswer(`${response}${partly}`, secrets),
          messageRef,
          requestId: headers.messageId
        }
      } catch (error) {
        return faultOf(error, signal.aborted ? `no answer within ${timeoutMs} ms` : undefined, secrets)
      }
    }
  }
}

/** The password, alone and as a login has it: a server may repeat it. */
function secretsOf({ user, password }: Pick<EmailSettings, 'user' | 'password'>): string[] {
  if (password === null) return []
  const base64 = (text: string): string => Buffer.from(text).toString('base64')
  return [base64(`\0${user}\0${password}`), base64(password), password]
}

function transportOf({ host, port, tls, user, password }: EmailSettings, timeoutMs: number) {
  return {
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
  }
}

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

/** A reply of 5xx is for good, one of 4xx passes, and so may whatever kept the server from replying. */
function faultOf(error: unknown, timedOut: string | undefined, secrets: readonly string[]): SendResult {
  const { responseCode, response, code, message } = error as {
    readonly responseCode?: number
    readonly response?: string
    readonly code?: string
    readonly message?: string
  }
  const said = response ?? [code, message].filter(Boolean).join(' ')
  const answer = maskAnswer(timedOut ?? (said || 'failed'), secrets)
  return responseCode !== undefined && responseCode >= 500
    ? { kind: 'refused', answer }
    : { kind: 'retry', answer }
}
