import { describe, expect, test } from 'vitest'
import { loadConfig } from '../../../src/config/load.ts'
import { incidentsSettingsOf } from '../../../src/run/assembly/routes.ts'
import { configOf, errorsIn } from '../../support/configs.ts'

const base = `time_intervals: { office: { days: mon-fri } }
receivers:
  shop: { type: slack, webhook_url: https://hooks.slack.com/services/A }
  lead: { type: slack, webhook_url: https://hooks.slack.com/services/B }
  team: { type: teams, webhook_url: https://t.example/a }
  pool: { type: group, members: [shop, lead] }
routes:
  - { match: { severity: critical }, receiver: shop, escalate: on-call }
  - { match: { severity: low }, receiver: lead }
  - default: team
`
const withLevels = (...levels: readonly string[]) =>
  `${base}escalations:\n  on-call:\n${['{ after: 1m, receivers: pool }', ...levels].map(level => `    - ${level}\n`).join('')}`
const errorsOf = (source: string) => errorsIn(source).map(line => line.replace(/^c\.yaml:\d+:\d+: /, ''))

describe('escalations', () => {
  test('have levels with receivers, mentions, hours and a condition', () => {
    const config = configOf(
      withLevels(
        '{ after: 5m, receivers: [lead, team], mention: [U012AB3CD, S0614TZR7, here], only_if: undelivered, when: "!office" }'
      )
    )
    expect(config.routes[0]).toMatchObject({ receivers: ['shop'], escalate: 'on-call' })
    expect(incidentsSettingsOf(config).context.escalations).toEqual(
      new Map([
        [
          'on-call',
          [
            { afterMs: 60_000, receivers: ['pool'], mention: [], onlyIfUndelivered: false, when: [] },
            {
              afterMs: 300_000,
              receivers: ['lead', 'team'],
              mention: ['U012AB3CD', 'S0614TZR7', 'here'],
              onlyIfUndelivered: true,
              when: ['!office']
            }
          ]
        ]
      ])
    )
  })

  test('are named by the default route too', () => {
    const source = withLevels().replace('default: team', '{ default: team, escalate: on-call }')
    expect(configOf(source).routes.map(({ escalate }) => escalate)).toEqual(['on-call', undefined, 'on-call'])
  })

  test('lead to receivers that no route names', () => {
    const source = withLevels('{ after: 5m, receivers: lead }')
      .replace('receiver: lead', 'receiver: shop')
      .replace('{ type: group, members: [shop, lead] }', '{ type: teams, webhook_url: https://t.example/b }')
    expect(errorsOf(source)).toEqual([])
  })

  test('lead to receivers of the environment that no route names', () => {
    const { warnings, ...loaded } = loadedOf(
      `escalations: { on-call: [{ after: 5m, receivers: slack-technical }] }
routes: [{ default: slack, escalate: on-call }]`,
      {
        SLACK_WEBHOOK_URL: 'https://hooks.slack.com/services/A',
        SLACK_WEBHOOK_TECHNICAL: 'https://hooks.slack.com/services/B'
      }
    )
    expect([...loaded.config.receivers.keys()]).toEqual(['slack', 'slack-technical'])
    expect(warnings).toEqual([])
  })

  test.each<[string, string, string[]]>([
    [
      'times that do not rise',
      withLevels('{ after: 60s, receivers: lead }'),
      [
        'escalations.on-call[1].after: must be longer than that of the level before it: all count from the first notification'
      ]
    ],
    [
      'a time that is too short, and one that is too long',
      withLevels('{ after: 5s, receivers: lead }', '{ after: 8d, receivers: lead }'),
      [
        'escalations.on-call[1].after: is "5s"; expected a duration from 10s to 7d',
        'escalations.on-call[2].after: is "8d"; expected a duration from 10s to 7d'
      ]
    ],
    [
      'a receiver and an interval that are not there',
      withLevels('{ after: 5m, receivers: [lead, boss], when: night }'),
      [
        'escalations.on-call[1].receivers: there is no receiver boss; there are shop, lead, team, pool',
        'escalations.on-call[1].when: there is no time interval night; there are office'
      ]
    ],
    [
      'mentions where no Slack is, and of a name',
      withLevels('{ after: 5m, receivers: team, mention: U012AB3CD }'),
      [
        'escalations.on-call[1].mention: only Slack mentions people, and no receiver of this level is one of Slack'
      ]
    ],
    [
      'a mention that is no id',
      withLevels('{ after: 5m, receivers: lead, mention: ["@ann"] }'),
      [
        `escalations.on-call[1].mention[0]: is "@ann"; expected Slack's id of a user (U…, W…) or a user group (S…), here or channel`
      ]
    ],
    [
      'a policy that no route names, and a route whose policy is not there',
      withLevels().replace('escalate: on-call', 'escalate: oncall'),
      [
        'routes[0].escalate: there is no escalation policy oncall; there are on-call',
        'escalations.on-call: no route names it: add escalate: on-call to one'
      ]
    ],
    [
      'a route to nobody',
      withLevels().replace('receiver: lead', 'receiver: none, escalate: on-call'),
      ['routes[1].escalate: this route notifies nobody, so nothing can escalate']
    ],
    [
      'eleven levels',
      withLevels(...Array.from({ length: 10 }, (_, at) => `{ after: ${at + 2}m, receivers: lead }`)),
      ['escalations.on-call: is a list of 11; expected at most 10 levels']
    ]
  ])('refuse %s', (_, source, errors) => {
    expect(errorsOf(source)).toEqual(errors)
  })
})

function loadedOf(source: string, env: Readonly<Record<string, string>>) {
  const loaded = loadConfig({ path: 'c.yaml', env, readFile: () => source })
  if (!loaded.ok) throw new Error(loaded.errors.map(({ message }) => message).join('\n'))
  return loaded
}
