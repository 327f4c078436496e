import { expect, test } from 'vitest'
import { kinds } from '../../../../../detectors/catalogue.ts'
import { unpagedNotes } from '../../../../../src/run/assembly/checks/unpaged.ts'
import { loadText } from '../../../../support/configs.ts'

const receivers = `
receivers:
  pager: { type: pagerduty, integration_key: ${'k'.repeat(32)} }
  other: { type: pagerduty, integration_key: ${'o'.repeat(32)} }
  team: { type: slack, webhook_url: "https://hooks.slack.example/team" }
  duty: { type: group, members: [pager, other] }
  mixed: { type: group, members: [pager, team] }
`
/** What uses all of them, for incidents that are not critical. */
const rest = `
  - { match: { severity: low }, receiver: [pager, other, duty, mixed], continue: true }
  - default: team
`
function notesOf(routes: string, more = '') {
  const loaded = loadText(`timezone: Europe/Berlin${receivers}${more}routes:${routes}${rest}`)
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.errors))
  // A Wednesday.
  return unpagedNotes(loaded, Date.parse('2026-11-25T10:00:00Z')).map(({ text }) => text)
}
const all = 'routes lead critical incidents to no pager'

test('critical incidents need a pager, and a group of pagers is one', () => {
  expect(notesOf('')).toEqual([all])
  expect(notesOf('\n  - { match: { severity: critical }, receiver: duty }')).toEqual([])
  expect(notesOf('\n  - { match: { severity: critical }, receiver: mixed }')).toEqual([all])
})

test('the kinds that have none are named', () => {
  const some = notesOf(
    '\n  - { match: { severity: critical, kind: ["*_drop", "!traffic_drop"] }, receiver: pager }'
  )
  const left = kinds
    .map(({ kind }) => kind)
    .filter(kind => !kind.endsWith('_drop') || kind === 'traffic_drop')
  expect(some).toEqual([`routes lead critical incidents of ${left.join(', ')} to no pager`])
})

test('at every hour: the first that has none is named, by the clock of the shop', () => {
  const hours =
    'time_intervals: { office: { days: mon-fri, from: "09:07", to: "18:31" }, xmas: { dates: 2026-12-24 } }\n'
  expect(notesOf('\n  - { match: { severity: critical }, when: office, receiver: pager }', hours)).toEqual([
    `${all}, for example at wed 2026-11-25 18:31 Europe/Berlin`
  ])
  expect(notesOf('\n  - { match: { severity: critical }, when: "!xmas", receiver: pager }', hours)).toEqual([
    `${all}, for example at thu 2026-12-24 00:00 Europe/Berlin`
  ])
  const both =
    '\n  - { match: { severity: critical }, when: office, receiver: pager }\n  - { match: { severity: critical }, when: "!office", receiver: duty }'
  expect(notesOf(both, hours)).toEqual([])
})

test('an escalation that brings in a pager is enough, unless it is for what was not delivered', () => {
  const route = '\n  - { match: { severity: critical }, receiver: team, escalate: up }'
  const policy = (level: string) => `escalations: { up: [{ after: 5m, receivers: pager${level} }] }\n`
  expect(notesOf(route, policy(''))).toEqual([])
  expect(notesOf(route, policy(', only_if: undelivered'))).toEqual([all])
})
