import { expect, test } from 'vitest'
import { alertIdOf } from '../../../src/incident/ids.ts'
import { anomalyOfServiceAlert, type ServiceAlert } from '../../../src/incident/service-alert.ts'
import { anything } from '../../../src/routing/matchers.ts'
import {
  alertingOn,
  createMemory,
  epoch,
  lineOf,
  minuteMs,
  minuteOf,
  receivers,
  routeTo,
  toBoth
} from '../../support/alerts.ts'

const segment = 'model=m × metric=psi'
const alertAt = (atMs: number, changes: Partial<ServiceAlert> = {}): ServiceAlert => ({
  id: `a${atMs}`,
  ...{ pipeline: 'shop', kind: 'drift', segment, severity: 'high', status: 'firing', metric: 'psi' },
  ...{ at: atMs, occurredAt: atMs, value: 0.3, expected: 0.1, details: 'psi is 0.3.' },
  ...{
    evidence: { model_id: 'm' },
    labels: { team: 'ml' },
    incidentId: alertIdOf('shop', 'drift', segment, epoch)
  },
  ...changes
})

function raising(memory = createMemory(), routes = toBoth) {
  const alerting = alertingOn(memory, routes, true, receivers)
  const lines: string[] = []
  function keep({ incidents, notifications }: ReturnType<typeof alerting.tick>): void {
    memory.putNotifications(notifications)
    memory.putIncidents(incidents)
    lines.push(...notifications.map(lineOf))
  }
  return {
    alerting,
    taken: () => lines.splice(0),
    raise: (...alerts: readonly ServiceAlert[]) =>
      keep(
        alerting.onServiceAlerts(
          alerts.map(alert => ({ alert, anomaly: anomalyOfServiceAlert(alert, 'abc') })),
          alerts.at(-1)?.at ?? epoch
        )
      ),
    tick: (nowMs: number) => keep(alerting.tick(nowMs)),
    window: (minute: number, sign: 'h' | '.') => {
      const { verdict, anomalies, windowEnd } = minuteOf(minute, sign)
      keep(alerting.onWindow(verdict, anomalies, windowEnd + 10_000))
    }
  }
}

test('what a service raises is an incident: told, paged, raised, and over when the service says so', () => {
  const { raise, taken, alerting } = raising()
  raise(alertAt(epoch))
  expect(taken()).toEqual(['slack trigger high opened', 'pagerduty trigger high opened'])
  expect(alerting.openIncidents().map(({ id }) => id)).toEqual([alertAt(epoch).incidentId])
  raise(alertAt(epoch + minuteMs), alertAt(epoch + 2 * minuteMs, { severity: 'critical' }))
  expect(taken()).toEqual([
    'slack trigger critical severity_rose',
    'pagerduty trigger critical severity_rose',
    'pagerduty resolve critical severity_rose'
  ])
  raise(alertAt(epoch + 3 * minuteMs, { status: 'resolved' }))
  expect(taken()).toEqual(['pagerduty resolve critical recovered'])
  expect(alerting.openIncidents()).toEqual([])
})

test('windows of the stream neither end nor join it, and it neither joins nor ends them', () => {
  const { raise, taken, window, alerting } = raising()
  window(1, 'h')
  raise(alertAt(epoch + minuteMs))
  taken()
  for (let minute = 2; minute < 140; minute++) window(minute, '.')
  expect(taken()).toEqual(['pagerduty resolve high recovered'])
  expect(alerting.openIncidents().map(({ kind }) => kind)).toEqual(['drift'])
})

test('it ends once nothing was heard of it for four hours', () => {
  const { raise, taken, tick } = raising()
  raise(alertAt(epoch))
  taken()
  tick(epoch + 239 * minuteMs)
  expect(taken()).toEqual([])
  tick(epoch + 240 * minuteMs)
  expect(taken()).toEqual(['pagerduty resolve high recovered'])
})

test('the same alert again, also after a restart, changes nothing', async () => {
  const memory = createMemory()
  const { raise, taken } = raising(memory)
  raise(alertAt(epoch), alertAt(epoch))
  expect(taken()).toHaveLength(2)
  const next = raising(memory)
  await next.alerting.restore(0, epoch + minuteMs)
  next.raise(alertAt(epoch))
  next.tick(epoch + 2 * minuteMs)
  expect(next.taken()).toEqual([])
})

test('a crash before the incident is stored tells nothing twice', async () => {
  const memory = createMemory()
  const first = raising({ ...memory, putIncidents: () => {} })
  first.raise(alertAt(epoch))
  expect(first.taken()).toHaveLength(2)
  const next = raising(memory)
  await next.alerting.restore(0, epoch + minuteMs)
  next.raise(alertAt(epoch))
  expect(next.taken()).toEqual([])
  expect(next.alerting.openIncidents()[0]).toMatchObject({ dedupReceivers: ['pagerduty'] })
})

test('its page comes back after a silence, also after a restart', async () => {
  const memory = createMemory()
  const { raise, taken, alerting } = raising(memory)
  raise(alertAt(epoch))
  const silence = {
    ...{ id: 'S', by: 'ada', reason: 'known', startsAt: epoch, endsAt: epoch + 10 * minuteMs },
    matchers: { ...anything, kinds: ['drift'] }
  }
  const rest = { pipeline: 'shop', by: 'ada', via: 'cli', incidentId: null, severity: null } as const
  const action = { ...rest, id: 'A', action: 'silence', at: epoch + 1, silence } as const
  memory.putAction(action)
  const silenced = alerting.onActions([action], epoch + 1)
  memory.putNotifications(silenced.notifications)
  memory.putIncidents(silenced.incidents)
  taken()
  const next = raising(memory)
  const { actions } = await next.alerting.restore(0, epoch + 5 * minuteMs)
  next.alerting.onActions(actions, epoch + 5 * minuteMs)
  next.tick(epoch + 9 * minuteMs)
  expect(next.taken()).toEqual([])
  next.tick(epoch + 10 * minuteMs)
  expect(next.taken()).toEqual(['pagerduty trigger high silence_ended'])
})

test('routes match by the labels that it came with, and by its model', () => {
  const toTeam = { match: { ...anything, labels: { team: ['ml'], model: ['m'] } } }
  const { raise, taken } = raising(createMemory(), [routeTo('slack', toTeam), routeTo('none')])
  raise(alertAt(epoch), alertAt(epoch, { segment: 'model=n × metric=psi', id: 'b' }))
  expect(taken()).toEqual(['slack trigger high opened', 'none trigger high opened'])
})
