import type { Verdict } from '../../detectors/types.ts'
import type { SendResult } from '../../src/delivery/channel.ts'
import { createDelivery } from '../../src/delivery/delivery.ts'
import { nextLevelOf } from '../../src/incident/escalation.ts'
import { createIncidents } from '../../src/incident/incidents.ts'
import { formatReason } from '../../src/incident/reason.ts'
import type { NotificationRecord, OperatorAction, Silence } from '../../src/incident/types.ts'
import type { EscalationLevel } from '../../src/routing/escalation.ts'
import { anything } from '../../src/routing/matchers.ts'
import type { ReceiverSettings } from '../../src/routing/receiver.ts'
import type { Route, RoutingContext } from '../../src/routing/router.ts'
import {
  anomalyAt,
  createMemory,
  deliveryRules,
  epoch,
  lineOf,
  type Memory,
  minuteMs,
  pagerWith,
  plainContext,
  routeTo,
  rules,
  slackAt
} from './alerts.ts'
import { createManualClock } from './manual-clock.ts'

/** A level of an escalation to one receiver. */
export const levelAfter = (
  minutes: number,
  receiver: string,
  more: Partial<EscalationLevel> = {}
): EscalationLevel => ({
  afterMs: minutes * minuteMs,
  receivers: [receiver],
  mention: [],
  onlyIfUndelivered: false,
  when: [],
  ...more
})

/** The day, for routes, ends 40 minutes after the epoch. */
const duskMinute = 40
const context: RoutingContext = {
  ...plainContext,
  intervals: new Map([
    [
      'day',
      { timezone: 'UTC', times: [{ days: null, dates: null, fromMinute: 540, toMinute: 600 + duskMinute }] }
    ]
  ])
}
/** Everything pages, and escalates where the policy `on-call` is given; by day slack is notified, by night the night shift. */
const routes: readonly Route[] = [
  routeTo('pagerduty', { continues: true, escalate: 'on-call' }),
  routeTo('slack', { when: ['day'] }),
  routeTo('night')
]
const receivers = new Map<string, ReceiverSettings>([
  ['slack', slackAt('https://hooks.slack.com/services/A', true)],
  ['night', slackAt('https://hooks.slack.com/services/B', true)],
  ['pagerduty', pagerWith('k'.repeat(32))],
  ['lead', slackAt('https://hooks.slack.com/services/C', true)],
  ['lead-pagerduty', pagerWith('l'.repeat(32))]
])
const silenceOf = (number: number, startsAt: number): Silence => ({
  id: number > 1 ? `S${number}` : 'S',
  matchers: { ...anything, kinds: ['revenue_drop'] },
  by: 'ada',
  reason: 'known',
  startsAt,
  endsAt: epoch + 600 * minuteMs
})
const answers: Readonly<Record<string, SendResult>> = {
  ok: { kind: 'sent', answer: '200 ok' },
  gone: { kind: 'refused', answer: '404 no_service' },
  down: { kind: 'retry', answer: '500' }
}
const silent = { debug() {}, info() {}, warn() {}, error() {} }
const severityOf = { l: 'low', m: 'medium', h: 'high', c: 'critical' } as const

/**
 * Plays a script of what happens to revenue. Gives what each receiver took after `|`, and what was not sent to it. A
 * script has a sign a minute (`h` found as high, `.` clear, `?` not judged, `h/c` with traffic beside it, `h!` killed
 * before its incidents are stored, and played again), `ack`, `escalate`, `silence`, `unsilence`, `restart`, `upgrade` (a restart over
 * rows of another version; what was sent before is forgotten), `dusk` (the last sign until the day ends), `+3h` (time
 * without windows), and `slack=gone`, `slack=down`, `slack=ok` for what a receiver answers.
 */
export async function play(
  script: string,
  { levels, ...more }: Partial<typeof rules> & { readonly levels?: readonly EscalationLevel[] } = {},
  onSent: (record: NotificationRecord) => void = () => {},
  atUpgrade: (memory: Memory) => void = () => {}
): Promise<string[]> {
  const clock = createManualClock(epoch)
  const memory = createMemory()
  const lines: string[] = []
  const answering = new Map<string, SendResult>()
  let minute = 0
  let lastSign = '.'
  let silences = 0
  let actions = 0
  let silencedAt = epoch
  let line = start()

  function start() {
    const alerting = createIncidents({
      pipeline: 'shop',
      rules: { ...rules, ...more },
      routes,
      receivers,
      context: levels ? { ...context, escalations: new Map([['on-call', levels]]) } : context,
      sending: true,
      memory,
      isDelivered: (incidentId, severity) => delivery.isAccepted(incidentId, severity)
    })
    const delivery = createDelivery({
      channels: new Map(
        [...receivers].map(([name, { type }]) => [
          name,
          {
            type,
            address: name,
            async send(record: NotificationRecord) {
              const answer = answering.get(name) ?? (answers['ok'] as SendResult)
              if (answer.kind === 'sent') {
                lines.push(lineOf(record))
                onSent(record)
              }
              return answer
            }
          }
        ])
      ),
      defaultReceiver: 'night',
      receivers: new Map(),
      rules: { ...deliveryRules, rate: { perSecond: 10, burst: 50 }, ratePerKey: 50 },
      store: { insertNotifications: async records => memory.putNotifications(records) },
      clock,
      random: () => 0.5,
      log: silent,
      onOutcome: () => {}
    })
    return { alerting, delivery }
  }

  async function carryOut(decided: ReturnType<typeof line.alerting.tick>, isWhole = true) {
    const { incidents, notifications } = decided
    memory.putNotifications(notifications)
    if (isWhole) memory.putIncidents(incidents)
    for (const record of notifications)
      if (record.outcome === 'muted') lines.push(`${record.receiver} muted ${formatReason(record.reason)}`)
    line.delivery.enqueue(
      notifications.filter(({ outcome }) => outcome !== 'muted'),
      Promise.resolve()
    )
    await clock.advance(0)
  }

  /** To a time by the clock, with a look at it each minute. */
  async function goTo(untilMs: number) {
    while (clock.now() < untilMs) {
      await clock.advance(Math.min(minuteMs / 2, untilMs - clock.now()))
      await carryOut(line.alerting.tick(clock.now()))
    }
  }

  async function window(sign: string, isCut = false) {
    minute++
    lastSign = sign
    const windowEnd = epoch + minute * minuteMs
    await goTo(windowEnd + 10_000)
    const [revenue = '.', traffic = '.'] = sign.split('/')
    const found = [
      ['traffic_drop', traffic],
      ['revenue_drop', revenue]
    ].flatMap(([kind, one]) => {
      const severity = severityOf[one as keyof typeof severityOf]
      return severity
        ? [anomalyAt(minute, { severity, kind: kind as string, details: `${kind} ${severity}` })]
        : []
    })
    const judged = revenue === '?' ? [] : ['traffic_drop', 'revenue_drop']
    const verdict: Verdict = { windowStart: windowEnd - minuteMs, windowEnd, findings: found, judged }
    const judge = () => line.alerting.onWindow(verdict, found, clock.now())
    if (isCut) {
      await carryOut(judge(), false)
      await restart()
    }
    await carryOut(judge())
  }

  async function act(action: OperatorAction['action'], of: Silence | null, level = 0) {
    const incident = line.alerting.openIncidents().find(({ kind }) => kind === 'revenue_drop')
    const done: OperatorAction = {
      id: `action ${++actions}`,
      pipeline: 'shop',
      action,
      at: clock.now(),
      by: 'ada',
      via: 'cli',
      incidentId: of === null ? (incident?.id ?? 'unknown') : null,
      severity: of === null ? (incident?.severity ?? null) : null,
      ...(level > 0 && { level }),
      silence: of
    }
    memory.putAction(done)
    await carryOut(line.alerting.onActions([done], clock.now()))
  }

  function nextLevel(): number {
    const incident = line.alerting.openIncidents().find(({ kind }) => kind === 'revenue_drop')
    return (incident?.escalation && nextLevelOf(incident.escalation)) ?? 1
  }

  async function restart() {
    await line.delivery.stop(0)
    line = start()
    const { pending, actions } = await line.alerting.restore(epoch, clock.now())
    line.delivery.enqueue(pending, Promise.resolve())
    await carryOut(line.alerting.onActions(actions, clock.now()))
  }

  async function upgrade() {
    await line.delivery.stop(0)
    atUpgrade(memory)
    lines.length = 0
    await restart()
  }

  async function step(token: string) {
    const [receiver, answer] = token.split('=')
    const hours = /^\+(\d+)h$/.exec(token)
    if (token === '|') lines.length = 0
    else if (token === 'ack') await act('acknowledge', null)
    else if (token === 'escalate') await act('escalate', null, nextLevel())
    else if (token === 'silence') {
      silencedAt = clock.now()
      await act('silence', silenceOf(++silences, silencedAt))
    } else if (token === 'unsilence')
      await act('end_silence', { ...silenceOf(silences, silencedAt), endsAt: clock.now() })
    else if (token === 'restart') await restart()
    else if (token === 'upgrade') await upgrade()
    else if (token === 'dusk') while (minute <= duskMinute) await window(lastSign)
    else if (hours) await goTo(clock.now() + Number(hours[1]) * 60 * minuteMs)
    else if (answer !== undefined) answering.set(receiver as string, answers[answer] as SendResult)
    else if (token.endsWith('!')) await window(token.slice(0, -1), true)
    else for (const sign of token.includes('/') ? [token] : token) await window(sign)
  }

  for (const token of script.split(' ').filter(Boolean)) await step(token)
  return lines
}
