import { describe, expect, test } from 'vitest'
import { testCommand } from '../../../src/cli/scenarios/command.ts'
import type { Loaded } from '../../../src/config/load.ts'
import type { Alert } from '../../../src/incident/alert.ts'
import type { StoredIncident } from '../../../src/incident/types.ts'
import type { Played, PlayParts } from '../../../src/run/assembly/scenario.ts'
import { minuteMs } from '../../../src/time/units.ts'
import { loadText } from '../../support/configs.ts'
import { createManualClock } from '../../support/manual-clock.ts'
import { createRecordedLog } from '../../support/recorded-log.ts'

const startMs = Date.parse('2026-01-05T08:00:00Z')

/** The checkout fails ten minutes after the fault of the scenario begins. */
function played(windows = 360): Played {
  const alert = { kind: 'checkout_failure', segment: 'all', openedAt: startMs + 130 * minuteMs }
  const incident = {
    ...{ id: 'a', severity: 'high', ...alert },
    alerts: [{ ...alert, explainedBy: [] } as unknown as Alert]
  } as unknown as StoredIncident
  return {
    ...{ events: 5_000, windows, anomalies: new Map(), incidents: new Map([['a', incident]]) },
    messages: [{ incidentId: 'a', receiver: 'team', page: null }]
  }
}

async function run(file: string, args: readonly string[] = [], play = async (_: PlayParts) => played()) {
  const lines: string[] = []
  let exitCode = 0
  await testCommand({
    load: () =>
      loadText(
        'receivers: { team: { type: webhook, url: https://team.example/A } }\nroutes: [{ default: team }]'
      ) as Loaded,
    play,
    clock: createManualClock(0),
    log: createRecordedLog(),
    env: {},
    readFile(path) {
      if (path !== 'scenarios.yaml') throw Object.assign(new Error('none'), { code: 'ENOENT' })
      return file
    },
    columns: () => 110,
    print: text => lines.push(text),
    complain: text => lines.push(`! ${text}`),
    setExitCode: code => {
      exitCode = code
    }
  })
    .exitOverride()
    .parseAsync(['scenarios.yaml', ...args], { from: 'user' })
  return { exitCode, lines: lines.join('\n').split('\n') }
}

const fault = 'generate: { scenario: payment_outage, incident_after: 2h, incident_length: 40m }'
const scenarioOf = (expected: string, events = fault, name = 'payments fail') =>
  `  - name: ${name}\n    ${events}\n    expect: [${expected}]\n`
const fileOf = (...scenarios: readonly string[]) => `scenarios:\n${scenarios.join('')}`

describe('cartwatch test', () => {
  test('says what was found of each scenario', async () => {
    const file = fileOf(
      scenarioOf('{ kind: checkout_failure, severity: high, within: 10m, to: team }'),
      scenarioOf('{ kind: [revenue_drop, checkout_failure] }', 'generate: { scenario: steady }', 'another')
    )
    expect(await run(file)).toEqual({
      exitCode: 0,
      lines: [
        'ok      payments fail (5,000 events in 360 windows)',
        '        checkout_failure, high, after 10 min',
        'ok      another (5,000 events in 360 windows)',
        '        checkout_failure, high',
        '2 scenarios, all as expected'
      ]
    })
  })

  test('says what is not as expected, and where the file says so', async () => {
    const file = fileOf(
      scenarioOf(
        '{ kind: checkout_failure, severity: critical, within: 9m, to: [team, pager] }, { kind: revenue_drop, segment: country=DE }'
      ),
      scenarioOf('', 'generate: { scenario: steady }', 'quiet')
    )
    expect(await run(file)).toEqual({
      exitCode: 1,
      lines: [
        'FAILED  payments fail (5,000 events in 360 windows)',
        '    -   scenarios.yaml:4:14: expected checkout_failure, critical, within 9 min, to team, pager',
        '        found checkout_failure, high, after 10 min: too late; the severity is high; told are team',
        '        the configuration has no receiver pager: is it of the environment?',
        '    -   scenarios.yaml:4:93: expected revenue_drop, country=DE',
        '        not found',
        'FAILED  quiet (5,000 events in 360 windows)',
        '    +   not expected: checkout_failure, high, at 2026-01-05 10:10:00',
        '2 scenarios, 2 not as expected'
      ]
    })
  })

  test('plays one scenario by its name, or says which there are', async () => {
    const file = fileOf(
      scenarioOf('{ kind: checkout_failure }'),
      scenarioOf('', 'generate: { scenario: steady }', 'quiet')
    )
    expect((await run(file, ['--only', 'payments fail'])).lines.at(-1)).toBe('1 scenario, all as expected')
    expect(await run(file, ['--only', 'loud'])).toEqual({
      exitCode: 1,
      lines: ['! No scenario is named "loud". There are:', '  payments fail', '  quiet']
    })
  })

  test('goes on where the events of one scenario cannot be read, or are none', async () => {
    const file = fileOf(
      scenarioOf('', 'events: no-such-file.ndjson', 'gone'),
      scenarioOf('{ kind: checkout_failure }')
    )
    const { exitCode, lines } = await run(file)
    expect(exitCode).toBe(1)
    expect(lines[0]).toBe('FAILED  gone')
    expect(lines[1]).toMatch(/^ {8}\S*no-such-file\.ndjson: no such file$/)
    expect(lines.slice(2)).toEqual([
      'ok      payments fail (5,000 events in 360 windows)',
      '        checkout_failure, high, after 10 min',
      '2 scenarios, 1 not as expected'
    ])
    expect((await run(fileOf(scenarioOf('')), [], async () => played(0))).lines).toEqual([
      'FAILED  payments fail',
      '        no record is an event of this configuration: cartwatch inspect shows why',
      '1 scenario, 1 not as expected'
    ])
  })

  test('prints an object a scenario for programs', async () => {
    const file = fileOf(scenarioOf('{ kind: checkout_failure, within: 9m }'))
    const { exitCode, lines } = await run(file, ['--json'])
    expect(exitCode).toBe(1)
    expect(lines.map(line => JSON.parse(line))).toEqual([
      {
        ...{ version: 1, name: 'payments fail', ok: false, events: 5_000, windows: 360 },
        expected: [
          {
            ...{ place: 'scenarios.yaml:4:14', expected: 'checkout_failure, within 9 min' },
            found: {
              ...{ incident: 'a', kind: 'checkout_failure', segment: 'all', severity: 'high' },
              ...{ receivers: ['team'], opened_at: '2026-01-05T10:10:00.000Z', delay_seconds: 600 }
            },
            faults: ['late']
          }
        ],
        unexpected: []
      }
    ])
  })

  test.each([
    [
      'a misspelled kind',
      scenarioOf('{ kind: checkout_failur }'),
      '4:22: scenarios[0].expect[0].kind: is "checkout_failur"; expected '
    ],
    [
      'an unknown key',
      scenarioOf('{ kind: late_spike, witin: 5m }'),
      '4:34: scenarios[0].expect[0].witin: is not a known key; did you mean within?'
    ],
    [
      'no events',
      scenarioOf('', 'fail_from: low'),
      '2:5: scenarios[0].name: needs one of generate: and events: for its events'
    ],
    [
      'a delay from nowhere',
      scenarioOf('{ kind: late_spike, within: 5m }', 'events: a.ndjson'),
      '4:34: scenarios[0].expect[0].within: needs from:, the time at which it begins in these events'
    ],
    [
      'an option that does not fit',
      scenarioOf('', 'generate: { scenario: demo, depth: 50% }'),
      '3:15: scenarios[0].generate: depth is not for scenario demo: its seed determines that'
    ],
    [
      'a fault that is not in the stream',
      scenarioOf('{ kind: late_spike, fault: bot_flood }'),
      '4:14: scenarios[0].expect[0].fault: is "bot_flood"; expected one of payment_outage'
    ],
    [
      'one of several faults',
      scenarioOf('{ kind: traffic_spike, within: 5m }', 'generate: { scenario: demo }'),
      '4:14: scenarios[0].expect[0].fault: is missing: which of '
    ]
  ])('refuses %s with its place', async (_, written, message) => {
    const { exitCode, lines } = await run(fileOf(written))
    expect(exitCode).toBe(1)
    expect(lines).toHaveLength(1)
    expect(lines[0]?.slice(0, `! scenarios.yaml:${message}`.length)).toBe(`! scenarios.yaml:${message}`)
  })

  test('refuses two scenarios of one name, and a file that is not there', async () => {
    expect((await run(fileOf(scenarioOf(''), scenarioOf('')))).lines).toEqual([
      '! scenarios.yaml:5:5: scenarios[1].name: is "payments fail" a second time: each needs its own'
    ])
    expect((await run(fileOf(scenarioOf('')), ['other.yaml'])).lines[0]).toMatch(
      /^! other\.yaml: can't be read/
    )
  })
})
