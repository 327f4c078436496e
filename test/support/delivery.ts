import type { Channel, SendResult } from '../../src/delivery/channel.ts'
import { createDelivery } from '../../src/delivery/delivery.ts'
import type { DeliveryRules, ReceiverPolicy } from '../../src/delivery/types.ts'
import type { NotificationRecord } from '../../src/incident/types.ts'
import { recordOf as anyRecordOf, deliveryRules, epoch } from './alerts.ts'
import { createManualClock } from './manual-clock.ts'
import { createRecordedLog } from './recorded-log.ts'

export const stored = Promise.resolve()
export const retry: SendResult = { kind: 'retry', answer: '500' }
export const gone: SendResult = { kind: 'refused', answer: '404 no_service' }
export const sentAs = (messageRef: string | undefined): SendResult => ({
  kind: 'sent',
  answer: '200 ok',
  ...(messageRef !== undefined && { messageRef })
})
export const never = new Promise<void>(() => {})
export const times = (count: number, result: SendResult): SendResult[] =>
  Array<SendResult>(count).fill(result)

/** A message of an incident and a segment of its own. */
export const recordOf = (overrides: Partial<NotificationRecord> = {}): NotificationRecord =>
  anyRecordOf({ incidentId: `incident of ${overrides.id}`, segment: `part=${overrides.id}`, ...overrides })

/** A message of the page `key` of the incident `i`. */
export const pageOf = (
  id: string,
  action: NotificationRecord['action'],
  dedupKey = 'key'
): NotificationRecord =>
  recordOf({ id, action, incidentId: 'i', receiver: 'pagerduty', dedupKey, severity: 'critical' })

export interface Setting {
  readonly defaultReceiver?: string | null
  readonly receivers?: Readonly<Record<string, ReceiverPolicy>>
  readonly rules?: Partial<DeliveryRules>
  readonly maySend?: () => Promise<void>
}

/** A delivery to slack, revenue (a second Slack) and pagerduty, each of which answers as scripted, then `sent`. */
export function deliveryTo(
  answers: Readonly<Record<string, readonly SendResult[]>> = {},
  { defaultReceiver = 'slack', receivers = {}, rules = {}, maySend = async () => {} }: Setting = {}
) {
  const clock = createManualClock(epoch)
  const log: string[] = []
  const outcomes: string[] = []
  const rows: NotificationRecord[] = []
  /** The message reference that each message was sent with, by its id. */
  const earlier: Record<string, string | null> = {}
  const sent: NotificationRecord[] = []
  const recordedLog = createRecordedLog()

  const store: { insert(records: readonly NotificationRecord[]): Promise<void> } = {
    insert: async records => void rows.push(...records)
  }

  function channelOf(name: string, type: Channel['type']): Channel {
    const script = [...(answers[name] ?? [])]
    return {
      type,
      address: `address of ${name}`,
      async send(record, messageRef) {
        log.push(`${(clock.now() - epoch) / 1_000} ${name} ${record.action} ${record.id}`)
        sent.push(record)
        earlier[record.id] = messageRef
        return script.shift() ?? sentAs(undefined)
      }
    }
  }

  const channels = new Map([
    ['slack', channelOf('slack', 'slack')],
    ['revenue', channelOf('revenue', 'slack')],
    ['pagerduty', channelOf('pagerduty', 'pagerduty')]
  ])
  const delivery = createDelivery({
    channels,
    receivers: new Map(Object.entries(receivers)),
    defaultReceiver,
    rules: { ...deliveryRules, ...rules },
    store: { insertNotifications: records => store.insert(records) },
    maySend,
    clock,
    random: () => 0.5,
    log: recordedLog,
    onOutcome: ({ receiver, outcome }) => outcomes.push(`${receiver} ${outcome}`)
  })
  /** Reloads with these channels, and with no fallback and no default receiver. */
  const reload = (next: ReadonlyMap<string, Channel>, nextRules?: Partial<DeliveryRules>) =>
    delivery.reload({
      channels: next,
      receivers: new Map(),
      defaultReceiver: null,
      ...(nextRules && { rules: { ...deliveryRules, ...nextRules } })
    })
  const { lines } = recordedLog
  return { clock, log, lines, outcomes, rows, earlier, sent, store, delivery, channels, channelOf, reload }
}
