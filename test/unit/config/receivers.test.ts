import { describe, expect, test } from 'vitest'
import { loadConfig } from '../../../src/config/load.ts'
import { receiversSchema } from '../../../src/config/receiver-types/receiver-types.ts'
import { checkRouting, defaultReceiverOf } from '../../../src/config/receivers.ts'
import { routesSchema } from '../../../src/config/routes.ts'
import { configOf, errorsIn } from '../../support/configs.ts'

const slack = { type: 'slack', webhook_url: 'https://hooks.slack.com/services/A' } as const

const nothingElse = { intervals: new Map(), known: undefined }

function issues(names: readonly string[], routes: Parameters<typeof routesSchema.parse>[0]) {
  const receivers = receiversSchema.parse(Object.fromEntries(names.map(name => [name, slack])))
  const sections = { receivers, routes: routesSchema.parse(routes), ...nothingElse }
  return checkRouting(sections).map(({ path, message }) => `${path.join('.')}: ${message}`)
}

describe('receivers and routes together', () => {
  test('are right where each leads to the other and the last matches everything', () => {
    expect(issues(['a', 'b'], [{ match: { kind: 'data_loss' }, receiver: 'a' }, { default: 'b' }])).toEqual(
      []
    )
    expect(issues(['a'], [{ receiver: 'a' }])).toEqual([])
    expect(issues([], [])).toEqual([])
    expect(issues(['a'], [{ match: { kind: 'data_loss' }, receiver: 'a' }, { default: 'none' }])).toEqual([])
  })

  test('name a receiver that is missing, and one that no route leads to', () => {
    expect(issues(['a', 'b'], [{ default: 'c' }])).toEqual([
      'routes.0.default: there is no receiver c; there are a, b',
      'receivers.a: no route leads to this receiver',
      'receivers.b: no route leads to this receiver'
    ])
  })

  test('need a default', () => {
    const required = 'routes: a default route is required: end with - default: RECEIVER'
    expect(issues(['a'], [{ match: { kind: 'data_loss' }, receiver: 'a' }])).toEqual([required])
    expect(issues(['a'], [])).toEqual([required, 'receivers.a: no route leads to this receiver'])
  })

  test('have no route behind one that matches everything', () => {
    expect(issues(['a'], [{ receiver: 'a' }, { default: 'a' }])).toEqual([
      'routes.0: matches everything, so the routes after it are never reached; put it last or set continue: true'
    ])
    expect(issues(['a'], [{ receiver: 'a', continue: true }, { default: 'a' }])).toEqual([])
  })

  test('have names that differ in more than case', () => {
    expect(issues(['Ops', 'ops'], [{ receiver: 'Ops', continue: true }, { default: 'ops' }])).toEqual([
      'receivers.ops: differs from Ops only in upper and lower case'
    ])
  })
})

test('the default receiver is that of the last route where it matches everything', () => {
  expect(defaultReceiverOf(routesSchema.parse([{ default: 'a' }]))).toBe('a')
  expect(defaultReceiverOf(routesSchema.parse([{ default: 'none' }]))).toBe(null)
  expect(defaultReceiverOf(routesSchema.parse([{ match: { kind: 'data_loss' }, receiver: 'a' }]))).toBe(null)
  expect(defaultReceiverOf([])).toBe(null)
})

test('a route of a kind that there is not is refused with the nearest', () => {
  const source = 'routes: [{ match: { kind: [data_loss, revenue_drp] }, receiver: a }, { default: none }]'
  const loaded = loadConfig({ path: 'c.yaml', env: {}, readFile: () => source })
  expect(loaded.ok ? [] : loaded.errors.map(({ path, message }) => `${path}: ${message}`)[0]).toMatch(
    /^routes\[0\]\.match\.kind\[1\]: is "revenue_drp"; .*did you mean revenue_drop\?/
  )
})

describe('groups of receivers', () => {
  const written = (...lines: readonly string[]) =>
    [
      'receivers:',
      '  ann: { type: teams, webhook_url: https://t.example/ann }',
      '  bob: { type: teams, webhook_url: https://t.example/bob }',
      ...lines.map(line => `  ${line}`),
      'routes: [{ default: [on-call] }]'
    ].join('\n')

  test('are members by name, with weights where these count, and lead to each of them', () => {
    const config = configOf(
      written('on-call: { type: group, pick: weighted, members: [ann, { receiver: bob, weight: 2.5 }] }')
    )
    expect(config.groups).toEqual(
      new Map([
        [
          'on-call',
          {
            type: 'group',
            pick: 'weighted',
            members: [
              { receiver: 'ann', weight: 1 },
              { receiver: 'bob', weight: 2.5 }
            ]
          }
        ]
      ])
    )
    expect([...config.receivers.keys()]).toEqual(['ann', 'bob'])
    expect(defaultReceiverOf(config.routes, config.groups)).toBe('ann')
  })

  test.each<[string, string[], string[]]>([
    [
      'without a member',
      ['on-call: { type: group, members: [] }'],
      [
        'is missing; expected the name of a receiver, or { receiver: NAME, weight: NUMBER } with a weight above 0'
      ]
    ],
    [
      'with a member that is missing',
      ['on-call: { type: group, members: [ann, bob, eve] }'],
      ['there is no receiver eve; there are ann, bob']
    ],
    ['with one member twice', ['on-call: { type: group, members: [ann, bob, ann] }'], ['ann is there twice']],
    [
      'with a weight that would not count',
      ['on-call: { type: group, members: [ann, { receiver: bob, weight: 2 }] }'],
      ['has a weight, which only pick: weighted takes into account; this is pick: round_robin']
    ],
    [
      'of groups',
      ['pair: { type: group, members: [ann, bob] }', 'on-call: { type: group, members: [pair] }'],
      ['no route leads to this group', 'pair is a group; name one of its members']
    ],
    [
      'that is a fallback',
      [
        'on-call: { type: group, members: [ann, bob] }',
        'carl: { type: teams, webhook_url: https://t.example/c, fallback: on-call }'
      ],
      ['no route leads to this receiver', 'on-call is a group; name one of its members']
    ]
  ])('%s are refused', (_, lines, expected) => {
    expect(errorsIn(written(...lines)).map(line => line.replace(/^.*?: [\w.[\]-]+: /, ''))).toEqual(expected)
  })
})
