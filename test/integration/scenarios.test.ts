import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { runCommand, temporaryFolder } from '../support/program.ts'

const shipped = new URL('../../scenarios.yaml', import.meta.url).pathname

test('the shipped scenarios are as expected with the defaults', async () => {
  const { code, out, errors } = await runCommand(['test', shipped])
  expect([code, errors, out.split('\n').at(-2)]).toEqual([0, '', '3 scenarios, all as expected'])
})

test('a scenario fails with a configuration that is too strict, and says what it lacks', async ({
  onTestFinished
}) => {
  const folder = await temporaryFolder(onTestFinished)
  const config = join(folder, 'deaf.yaml')
  await writeFile(
    config,
    'detectors: { revenue_drop: { drop: 95%, raise_drop: {} }, checkout_failure: { drop: 95%, raise_drop: {} } }'
  )
  const only = ['--only', 'the payment provider is down']
  const { code, out } = await runCommand(['test', shipped, '--config', config, ...only])
  expect(code).toBe(1)
  expect(out.split('\n').slice(1, 3)).toEqual([
    `    -   ${shipped}:6:9: expected checkout_failure or revenue_drop, critical, within 5 min`,
    '        found revenue_drop, critical, after 12 min 19 s: too late'
  ])
})

test('the events of a file are judged as the configuration reads them', async ({ onTestFinished }) => {
  const folder = await temporaryFolder(onTestFinished)
  const events = join(folder, 'day.ndjson')
  const produced = await runCommand([
    ...['produce', '--scenario', 'bot_flood', '--seed', '4', '--start', '2026-11-20T08:00:00Z'],
    ...['--incident-after', '3h', '--incident-length', '20m', '--depth', '300%', '--to', events]
  ])
  expect(produced.code).toBe(0)
  const file = join(folder, 'scenarios.yaml')
  const expected = (within: string) =>
    `scenarios:
      - name: bots at eleven
        events: day.ndjson
        expect: [{ kind: traffic_spike, from: 2026-11-20T11:00:00Z, within: ${within} }]`
  await writeFile(file, expected('4m'))
  expect((await runCommand(['test', file])).code).toBe(0)
  await writeFile(file, expected('10s'))
  const { code, out } = await runCommand(['test', file])
  expect([code, out]).toEqual([1, expect.stringContaining('too late')])
})
