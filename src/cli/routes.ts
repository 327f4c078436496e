import { Command, Option } from '@commander-js/extra-typings'
import { severities } from '../../detectors/types.ts'
import { durationOf } from '../channel/message/format.ts'
import type { Env, ReadFile } from '../config/environment.ts'
import { environment, reason } from '../config/environment.ts'
import { formatErrors, pathText } from '../config/errors.ts'
import { type ExpectedRoute, readRouteFixture } from '../config/route-fixtures.ts'
import { type RouteConfig, routedKinds } from '../config/routes.ts'
import { levelText } from '../explain/escalation.ts'
import { withMembers } from '../routing/group.ts'
import type { Subject } from '../routing/matchers.ts'
import type { Routing } from '../routing/router.ts'
import type { ConfiguredRoutes } from '../run/assembly/routes.ts'
import type { Clock } from '../telemetry/clock.ts'
import { overview } from './overview.ts'
import { parser } from './parse.ts'
import { textTable } from './table.ts'
import type { Terminal } from './terminal.ts'

export interface RoutesDeps extends Terminal {
  readonly load: (configFile: string | undefined) => ConfiguredRoutes
  readonly clock: Pick<Clock, 'now'>
  readonly env: Env
  readonly readFile: ReadFile
}

const testExamples = `
Examples:
  cartwatch routes test --kind revenue_drop --severity critical
  cartwatch routes test --kind data_loss --severity high --segment country=DE --at 2026-11-28T03:00:00Z
  cartwatch routes test --kind catch_up --severity low      where the catch-up summary goes`

const checkExamples = `
The file lists the expected receivers, in any order:
  expect:
    - { kind: revenue_drop, severity: critical, to: [war-room, on-call] }
    - { kind: late_spike, severity: low, segment: country=DE, at: 2026-11-28T03:00:00Z, to: none }

Exit code: 0 if the routes are as expected, 1 if they are not.`

export const routesCommand = (deps: RoutesDeps) =>
  new Command('routes')
    .description(overview.routes.summary)
    .addCommand(testCommand(deps))
    .addCommand(checkCommand(deps))

function testCommand({ load, clock, columns, print }: RoutesDeps) {
  return new Command('test')
    .description('show the routes that one incident takes')
    .addOption(new Option('--kind <kind>', 'what was found').choices(routedKinds).makeOptionMandatory())
    .addOption(new Option('--severity <severity>', 'how bad it is').choices(severities).makeOptionMandatory())
    .option('--segment <segment>', 'where, such as country=DE', 'all')
    .option('--pipeline <name>', 'another pipeline than the configured one')
    .option('--at <time>', 'the time (default: now), such as 2026-11-25T09:00:00Z', instantOf)
    .option('--config <file>', 'the configuration file')
    .addHelpText('after', testExamples)
    .action(({ config, pipeline, at: atMs = clock.now(), ...subject }) => {
      const { routes, groups, routingOf } = load(config)
      const routing = routingOf(pipeline)
      const labelled = routing.labelled(subject)
      const labels = Object.entries(labelled.labels).map(([name, value]) => `${name}=${value}`)
      print(`${labelled.pipeline}: ${nameOf(subject)} at ${new Date(atMs).toISOString()}`)
      print(`labels: ${labels.join(', ') || 'none'}`)
      if (routes.length > 0) {
        const rows = routing.path(subject, atMs).map(({ route, receivers, outcome, why }) => {
          const { at: place, ...wanted } = routes[route] as RouteConfig
          const result = outcome.replace('_', ' ')
          return [
            pathText(['routes', ...(place[0] ?? [])]).replace(/\.(receiver|default)(\[0\])?$/, ''),
            receivers.join(', '),
            why
              ? `${result}: ${why}`
              : wanted.continues && outcome === 'matched'
                ? `${result}, continues`
                : result,
            matchText(wanted)
          ]
        })
        print(textTable(['route', 'receiver', 'outcome', 'takes'], rows, columns() ?? 120))
      }
      const names = routing.names(subject, atMs).map(name => withMembers(name, groups))
      const digest = routing.isDigested(subject) ? 'none: it is in the digest (reports.digest)' : 'none'
      print(`receivers: ${names.join(', ') || digest}`)
      const policy = routing.policyOf(subject, atMs)
      for (const [index, level] of (policy === undefined ? [] : routing.levelsOf(policy)).entries())
        print(
          `escalation ${policy}, level ${index + 1} after ${durationOf(level.afterMs)}: ${levelText(level)}`
        )
    })
}

function checkCommand(deps: RoutesDeps) {
  return new Command('check')
    .description('compare the routes with a file of expected ones')
    .argument('<file>', 'YAML')
    .option('--config <file>', 'the configuration file')
    .addHelpText('after', checkExamples)
    .action((file, { config }) => deps.setExitCode(checkFixture(file, config, deps) ? 0 : 1))
}

function checkFixture(
  file: string,
  config: string | undefined,
  { load, clock, env, readFile, print, complain }: RoutesDeps
): boolean {
  let source: string
  try {
    source = readFile(file)
  } catch (cause) {
    complain(`${file}: can't be read (${reason(cause)})`)
    return false
  }
  const fixture = readRouteFixture(source, file, environment(env, readFile).lookUp)
  if (fixture.kind === 'refused') {
    complain(formatErrors(fixture.errors))
    return false
  }
  const { routes, routingOf } = load(config)
  const hasHours = routes.some(({ when }) => when.length > 0)
  let wrong = 0
  for (const expected of fixture.expected) {
    const faults =
      hasHours && expected.atMs === undefined
        ? ['  a route depends on the time: add one, such as at: 2026-11-25T09:00:00Z']
        : differences(expected, routingOf(expected.pipeline), clock.now())
    if (faults.length === 0) continue
    wrong += 1
    complain([`${expected.place}: ${nameOf(expected)}`, ...faults].join('\n'))
  }
  const count = fixture.expected.length
  if (wrong === 0) print(`${file}: all ${count} as expected`)
  else complain(`${file}: ${wrong} of ${count} not as expected`)
  return wrong === 0
}

/** A line for each receiver that is missing (-) or not expected (+). */
function differences(expected: ExpectedRoute, routing: Routing, nowMs: number): string[] {
  const actual = routing.names(expected, expected.atMs ?? nowMs)
  return [
    ...expected.to.filter(name => !actual.includes(name)).map(name => `  - ${name}`),
    ...actual.filter(name => !expected.to.includes(name)).map(name => `  + ${name}`)
  ]
}

const nameOf = ({ kind, severity, segment }: Subject) => `${kind}, ${severity}, on ${segment}`

/** What a route matches, in the words of the configuration. */
function matchText({ match, when }: Pick<RouteConfig, 'match' | 'when'>): string {
  const wants = [
    ['kind', match.kinds],
    ['severity', match.severities],
    ['segment', match.segments],
    ['pipeline', match.pipelines],
    ...Object.entries(match.labels),
    ['when', when.length ? when : null]
  ] as const
  const texts = wants.flatMap(([name, own]) => (own === null ? [] : [`${name}: ${own.join(' | ')}`]))
  return texts.join(', ') || 'everything'
}

const instantOf = parser('a time such as 2026-11-25T09:00:00Z', text =>
  /^\d{4}-\d\d-\d\dT/.test(text) ? Date.parse(text) : undefined
)
