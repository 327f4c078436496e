import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { produceCommand } from '../../../src/cli/produce.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cartwatch-produce-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** Runs the command; what it wrote to standard error, and the exit code that it asked for. */
async function run(...args: string[]): Promise<{ said: string; exitCode: number }> {
  let said = ''
  const written = vi.spyOn(process.stderr, 'write').mockImplementation(text => {
    said += String(text)
    return true
  })
  const clock = { now: () => Date.UTC(2026, 10, 21, 12) }
  const command = produceCommand(() => ({ brokers: ['127.0.0.1:1'] }), clock).exitOverride()
  try {
    await command.parseAsync(args, { from: 'user' })
    return { said, exitCode: 0 }
  } catch (error) {
    return { said, exitCode: (error as { exitCode: number }).exitCode }
  } finally {
    written.mockRestore()
  }
}

test('a scenario goes to a file, what was done to it to another, and a summary to standard error', async () => {
  const events = join(folder, 'events.ndjson')
  const labels = join(folder, 'labels.json')
  const { said, exitCode } = await run(
    ...['--scenario', 'payment_outage', '--start', '2026-01-05T08:00:00Z', '--duration', '30m'],
    ...['--incident-after', '15m', '--incident-length', '10m', '--depth', '80%', '--orders-per-minute', '2'],
    ...['--to', events, '--labels', labels]
  )
  expect(exitCode).toBe(0)
  const lines = (await readFile(events, 'utf8')).trimEnd().split('\n')
  expect(lines.length).toBeGreaterThan(1_000)
  expect(said).toBe(
    `${lines.length} events from 2026-01-05T08:00:00Z to 2026-01-05T08:30:00Z to ${events}\n` +
      '  payment_outage 2026-01-05T08:15:00Z to 2026-01-05T08:25:00Z, 80% deep\n'
  )
  expect(JSON.parse(await readFile(labels, 'utf8'))).toEqual([
    { kind: 'payment_outage', start: '2026-01-05T08:15:00.000Z', end: '2026-01-05T08:25:00.000Z', depth: 0.8 }
  ])
})

test('a file that is there is overwritten with --force only', async () => {
  const there = join(folder, 'there.json')
  await writeFile(there, 'mine')
  const fresh = join(folder, 'new.ndjson')
  const args = ['--duration', '1m', '--start', '2026-01-05T08:00:00Z']
  for (const target of [
    ['--to', there],
    ['--to', fresh, '--labels', there]
  ]) {
    expect(await run(...args, ...target)).toEqual({
      said: `cartwatch produce: ${there} exists: --force overwrites it\n`,
      exitCode: 1
    })
    expect(await readFile(there, 'utf8')).toBe('mine')
  }
  expect((await run(...args, '--to', fresh, '--labels', there, '--force')).exitCode).toBe(0)
  expect(await readFile(there, 'utf8')).toBe('[]\n')
})

test('a segment is named in the summary and the labels, and a layout in every record', async () => {
  const events = join(folder, 'segment.ndjson')
  const labels = join(folder, 'segment.json')
  const { said } = await run(
    ...['--scenario', 'method_outage', '--segment', 'payment_method=paypal', '--layout', 'segment'],
    ...['--start', '2026-01-05T08:00:00Z', '--duration', '30m', '--incident-after', '15m', '--depth', '100%'],
    ...['--incident-length', '10m', '--orders-per-minute', '2', '--to', events, '--labels', labels]
  )
  expect(said).toContain(
    '  method_outage payment_method=paypal 2026-01-05T08:15:00Z to 2026-01-05T08:25:00Z, 100% deep\n'
  )
  expect(JSON.parse(await readFile(labels, 'utf8'))).toMatchObject([{ segment: 'payment_method=paypal' }])
  const lines = (await readFile(events, 'utf8')).trimEnd().split('\n')
  expect(new Set(lines.map(line => JSON.parse(line).type))).toEqual(new Set(['page', 'track']))
})

test.each([
  [['--scenario', 'meteor'], 'Allowed choices are steady'],
  [['--start', 'yesterday'], 'Expected a time such as 2026-01-05T08:00:00Z.'],
  [['--speed', '2x', '--rate', '5'], 'give either --speed or --rate, not both'],
  [['--duration', '5m', '--to', '/nowhere/at/all'], 'no such file or directory'],
  [
    ['--to', 'kafka', '--start', '2026-11-21T12:00:00Z', '--duration', '1h', '--brokers', '127.0.0.1:1'],
    'would end in the future'
  ]
])('%j is refused in words, with exit code 1', async (args, words) => {
  const { said, exitCode } = await run(...args)
  expect(said).toContain(words)
  expect(exitCode).toBe(1)
})
