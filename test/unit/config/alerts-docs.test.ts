import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { routesCommand } from '../../../src/cli/routes.ts'
import { configuredRoutesOf } from '../../../src/run/assembly/routes.ts'
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

test.each(['one_channel', 'three_channels'])('the preset %s of the documentation is right', preset => {
  const teams = ['war-room', 'shop', 'quiet', 'on-call']
    .filter(name => exampleWith(preset).includes(name))
    .map(name => `  ${name}: { type: teams, webhook_url: https://teams.example/${name} }\n`)
  const { routes } = configOf(`receivers:\n${teams.join('')}${exampleWith(preset)}`)
  expect(new Set(routes.map(({ receiver }) => receiver)).size).toBe(teams.length)
})
