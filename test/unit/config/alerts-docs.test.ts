import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { severities } from '../../../detectors/types.ts'
import { routesCommand } from '../../../src/cli/routes.ts'
import { routedKinds } from '../../../src/config/routes.ts'
import { causePatterns } from '../../../src/incident/cause-patterns.ts'
import { oneCause } from '../../../src/incident/one-cause.ts'
import { createRouting, summaryKind } from '../../../src/routing/router.ts'
import { configuredRoutesOf } from '../../../src/run/assembly/routes.ts'
import { plainContext } from '../../support/alerts.ts'
import { configOf } from '../../support/configs.ts'

const text = readFileSync(new URL('../../../docs/alerts.md', import.meta.url), 'utf8')
const examples = [...text.matchAll(/```yaml\n([\s\S]*?)```/g)].map(([, example = '']) => example)
const exampleWith = (word: string) => examples.find(example => example.includes(word)) ?? ''
const env = {
  SLACK_BOT_TOKEN: 'xoxb-1',
  SLACK_WEBHOOK_TECHNICAL: 'https://hooks.slack.com/services/A',
  PAGERDUTY_INTEGRATION_KEY: 'k'.repeat(32),
  HEARTBEAT_URL: 'https://beat.example/1'
}
const config = configOf(exampleWith('receivers:'), env)

/** What a command of `cartwatch routes` prints for the example. */
async function printed(...args: readonly string[]): Promise<string> {
  const lines: string[] = []
  await routesCommand({
    load: () => configuredRoutesOf(config),
    clock: { now: () => 0 },
    env: {},
    readFile: () => exampleWith('expect:'),
    columns: () => 150,
    print: line => lines.push(line),
    complain: line => lines.push(line),
    setExitCode: () => {}
  }).parseAsync(args, { from: 'user' })
  return lines.join('\n')
}

test('the way through the routes of the documentation is the one that is shown there', async () => {
  const [, command = '', shown] = /\$ cartwatch routes (test .*)\n([\s\S]*?)\n```/.exec(text) ?? []
  expect(await printed(...command.split(' '))).toBe(shown)
})

test('the routes of the documentation are as its example expects', async () => {
  expect(await printed('check', 'expected.yaml')).toBe('expected.yaml: all 3 as expected')
})

test.each(['one_channel', 'three_channels', 'by_severity'])(
  'the preset %s of the documentation is right',
  preset => {
    const teams = ['war-room', 'shop', 'quiet', 'on-call']
      .filter(name => exampleWith(preset).includes(name))
      .map(name => `  ${name}: { type: teams, webhook_url: https://teams.example/${name} }\n`)
    const { routes } = configOf(`receivers:\n${teams.join('')}${exampleWith(preset)}`)
    expect(new Set(routes.flatMap(({ receivers }) => receivers)).size).toBe(teams.length)
  }
)

const kindsOf = (cell: string): readonly string[] =>
  routedKinds.filter(kind => cell.split(/, | and /).includes(kind))
const nameList = (cell: string): string[] => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name)
const rowsUnder = (heading: string): string[][] => {
  const table = text.slice(text.indexOf(heading)).split('\n\n')[0] ?? ''
  return table
    .split('\n')
    .slice(2)
    .map(row =>
      row
        .split('|')
        .slice(1, -1)
        .map(cell => cell.trim())
    )
}

test.each(rowsUnder('| severity | kinds | receivers |'))(
  'with the environment’s receivers, %s incidents of %s go to %s, as documented',
  (severityCell = '', kindsCell = '', receiversCell = '') => {
    const webhook = (name: string) => `https://hooks.slack.com/services/${name}`
    const { routes, receivers } = configOf('', {
      SLACK_WEBHOOK_CRITICAL: webhook('critical'),
      SLACK_WEBHOOK_REVENUE: webhook('revenue'),
      SLACK_WEBHOOK_TECHNICAL: webhook('technical'),
      PAGERDUTY_INTEGRATION_KEY: 'k'.repeat(32)
    })
    const routing = createRouting(routes, receivers, plainContext)
    const [, [, revenueCell = ''] = []] = rowsUnder('| severity | kinds | receivers |')
    const all = routedKinds.filter(kind => kind !== summaryKind)
    const others = all.filter(kind => !kindsOf(revenueCell).includes(kind))
    const kinds = kindsCell === 'all' ? all : kindsCell === 'all others' ? others : kindsOf(kindsCell)
    expect(kinds.length).toBeGreaterThan(0)
    for (const severity of severities.filter(name => severityCell.includes(name)))
      for (const kind of kinds) {
        const names = routing.to({ kind, severity, segment: 'all' }, 0).map(({ name }) => name)
        expect({ kind, severity, names }).toEqual({ kind, severity, names: nameList(receiversCell) })
      }
  }
)

test.each(rowsUnder('| preset | critical |'))(
  'the preset %s leads each severity where its row says',
  (presetCell = '', ...cells) => {
    const preset = nameList(presetCell)[0] ?? ''
    const keys = [...new Set(cells.flatMap(nameList))]
    const all = keys.map(key => `  ${key}: { type: teams, webhook_url: https://teams.example/${key} }\n`)
    const options = keys.map(key => `${key}: ${key}`).join(', ')
    const { routes, receivers } = configOf(
      `receivers:\n${all.join('')}routes: { preset: ${preset}, ${options} }`
    )
    const routing = createRouting(routes, receivers, plainContext)
    const subject = { kind: 'data_loss', segment: 'all' }
    const actual = (['critical', 'high', 'medium', 'low'] as const).map(severity =>
      routing.names({ ...subject, severity }, 0).toSorted()
    )
    expect(actual).toEqual(cells.slice(0, 4).map(cell => nameList(cell).toSorted()))
    const summary = nameList(cells[4] ?? '')
    if (summary.length > 0)
      expect(routing.summaryTo({ ...subject, severity: 'low' }, 0).map(({ name }) => name)).toEqual(summary)
  }
)
test('what can have one cause is as the documentation says', () => {
  const listed = (kinds: readonly string[]) =>
    kinds.length === 0 ? '' : `${kinds.map(kind => `\`${kind}\``).join(', ')} `
  for (const { cause, signs, symptoms } of oneCause)
    expect(text).toContain(`| ${cause} | ${listed(signs)}| ${listed(symptoms)}|\n`)
})

test('each likely cause is in the documentation, with what it explains', () => {
  const rows = text.split('\n').filter(line => line.startsWith('| '))
  for (const { title, all, explains } of causePatterns) {
    const row = rows.findLast(line => line.startsWith(`| ${title} |`)) ?? ''
    for (const kind of all) expect(row).toContain(`\`${kind}\``)
    if (explains) expect(row).toContain(`at most ${explains.atMost} |`)
    else expect(row.endsWith('| |')).toBe(true)
  }
})
