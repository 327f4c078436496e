import { describe, expect, test } from 'vitest'
import { routesCommand } from '../../../src/cli/routes.ts'
import { configuredRoutesOf } from '../../../src/run/assembly/routes.ts'
import { configOf } from '../../support/configs.ts'

const config = configOf(`timezone: Europe/Berlin
labels: { team: shop }
time_intervals: { office: { days: mon-fri, from: "09:00", to: "17:30" } }
receivers:
  war-room: { type: slack, webhook_url: https://hooks.slack.com/services/A }
  data-team: { type: teams, webhook_url: https://teams.example/A }
  on-call: { type: pagerduty, integration_key: ${'k'.repeat(32)} }
routes:
  - { match: { severity: critical }, receiver: on-call, continue: true }
  - { match: { kind: data_*, pipeline: shop }, when: office, receiver: data-team }
  - { match: { kind: late_spike }, receiver: none }
  - { default: war-room, escalate: leads }
escalations:
  leads:
    - { after: 90s, receivers: war-room, mention: here }
    - { after: 2h, receivers: on-call, when: office }
`)

async function run(args: readonly string[], file = '') {
  const lines: string[] = []
  let exitCode = 0
  await routesCommand({
    load: () => configuredRoutesOf(config),
    clock: { now: () => Date.parse('2026-11-25T09:00:00Z') },
    env: {},
    readFile: () => file,
    columns: () => 110,
    print: text => lines.push(text),
    complain: text => lines.push(`! ${text}`),
    setExitCode: code => {
      exitCode = code
    }
  }).parseAsync(args, { from: 'user' })
  return { exitCode, text: lines.join('\n') }
}

describe('routes test', () => {
  test('shows route by route what became of an incident', async () => {
    const { text } = await run([
      'test',
      '--kind',
      'data_loss',
      '--severity',
      'high',
      '--segment',
      'country=DE'
    ])
    expect(text.split('\n')).toEqual([
      'shop: data_loss, high, on country=DE at 2026-11-25T09:00:00.000Z',
      'labels: team=shop, country=DE',
      '┌───────────┬───────────┬───────────────────────────────┬────────────────────────────────────────────┐',
      '│ route     │ receiver  │ outcome                       │ takes                                      │',
      '├───────────┼───────────┼───────────────────────────────┼────────────────────────────────────────────┤',
      '│ routes[0] │ on-call   │ not matched: severity is high │ severity: critical                         │',
      '│ routes[1] │ data-team │ matched                       │ kind: data_*, pipeline: shop, when: office │',
      '│ routes[2] │ none      │ not reached                   │ kind: late_spike                           │',
      '│ routes[3] │ war-room  │ not reached                   │ everything                                 │',
      '└───────────┴───────────┴───────────────────────────────┴────────────────────────────────────────────┘',
      'receivers: data-team'
    ])
  })

  test('shows how it escalates', async () => {
    const { text } = await run(['test', '--kind', 'traffic_drop', '--severity', 'high'])
    expect(text.split('\n').slice(-3)).toEqual([
      'receivers: war-room',
      'escalation leads, level 1 after 1 min 30 s: war-room; mentions here',
      'escalation leads, level 2 after 2 h: on-call; in the hours office'
    ])
  })

  test('takes another time and another pipeline', async () => {
    const of = (...more: readonly string[]) =>
      run(['test', '--kind', 'data_loss', '--severity', 'critical', ...more])
    expect((await of('--at', '2026-11-25T16:30:00Z')).text).toMatch(/receivers: on-call, war-room$/m)
    expect((await of('--pipeline', 'other')).text).toMatch(/receivers: on-call, war-room$/m)
    expect((await of()).text).toMatch(/receivers: on-call, data-team$/m)
  })

  test('says that there is no receiver, and where a summary goes', async () => {
    expect((await run(['test', '--kind', 'late_spike', '--severity', 'low'])).text).toMatch(
      /receivers: none$/m
    )
    expect((await run(['test', '--kind', 'catch_up', '--severity', 'critical'])).text).toMatch(
      /receivers: war-room$/m
    )
  })
})

describe('routes check', () => {
  const right = `expect:
  - { kind: data_loss, severity: critical, at: 2026-11-25T10:00:00+01:00, to: [data-team, on-call] }
  - { kind: late_spike, severity: low, at: 2026-11-25T09:00:00Z, to: none }
`
  test('is content where all is as the file says', async () => {
    expect(await run(['check', 'routes.yaml'], right)).toEqual({
      exitCode: 0,
      text: 'routes.yaml: all 2 as expected'
    })
  })

  test('shows what differs, and exits 1', async () => {
    const wrong = right.replace('data-team, on-call', 'on-call, war-room').replace('none', 'war-room')
    expect(await run(['check', 'routes.yaml'], wrong)).toEqual({
      exitCode: 1,
      text: `! routes.yaml:2: data_loss, critical, on all
  - war-room
  + data-team
! routes.yaml:3: late_spike, low, on all
  - war-room
! routes.yaml: 2 of 2 not as expected`
    })
  })

  test('asks for a time where routes depend on it', async () => {
    const { exitCode, text } = await run(
      ['check', 'f'],
      'expect: [{ kind: data_loss, severity: low, to: none }]'
    )
    expect(exitCode).toBe(1)
    expect(text).toMatch(/^! f:1: data_loss, low, on all\n {2}a route depends on the time: add one/)
  })

  test('names the errors of the file with their places', async () => {
    const { exitCode, text } = await run(
      ['check', 'f'],
      'expect:\n  - { kind: data_los, severity: low, to: a }'
    )
    expect(exitCode).toBe(1)
    expect(text).toMatch(/^! f:2:13: expect\[0\]\.kind: is "data_los"; .*did you mean data_loss\?/)
  })
})
