import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, onTestFinished, test } from 'vitest'
import { inspectCommand } from '../../../src/cli/inspect.ts'
import { hostileNames } from '../../generators/hostile.ts'
import { temporaryFolder } from '../../support/program.ts'

const lines = Array.from({ length: 30 }, (_, at) =>
  JSON.stringify({
    event_time: '2026-11-21 10:00:00 UTC',
    event_type: 'cart',
    price: at,
    user_session: `s-${at}`
  })
)

/** Runs the command on a topic with these records, or on files. */
async function inspect(args: readonly string[], records: readonly string[] = []) {
  const printed: string[] = []
  const asked: unknown[] = []
  let exitCode = 0
  const command = inspectCommand({
    open: config => ({
      decoding: { currency: 'USD', knownCurrencies: new Set(['USD']), maxBytes: 1_024 },
      readNewest: async (topic, count) => {
        asked.push({ config, topic, count })
        return records.map(record => Buffer.from(record))
      }
    }),
    print: text => printed.push(text),
    setExitCode: code => {
      exitCode = code
    }
  })
    .exitOverride()
    .configureOutput({ writeErr: () => {} })
  await command.parseAsync([...args], { from: 'user' })
  return { text: printed.join('\n'), asked, exitCode }
}

describe('cartwatch inspect', () => {
  test.each([
    ['plain', 'events.ndjson', (text: string) => Buffer.from(text)],
    ['gzipped', 'events.ndjson.gz', gzipSync]
  ])('reads the first records of a %s file', async (_, name, pack) => {
    const path = join(await temporaryFolder(onTestFinished), name)
    await writeFile(path, pack(lines.join('\n')))
    const { text, exitCode } = await inspect([path, '--records', '20', '--json'])
    expect(JSON.parse(text)).toMatchObject({
      records: 20,
      readable: 20,
      events: 20,
      layout: 'rees46',
      types: [{ name: 'cart', count: 20, meaning: 'add_to_cart' }],
      config: 'events:\n  layout: rees46\n'
    })
    expect(exitCode).toBe(0)
  })

  test('reads the newest records of a topic', async () => {
    const { text, asked, exitCode } = await inspect(['--topic', 'shop', '--config', 'a.yaml'], lines)
    expect(asked).toEqual([{ config: 'a.yaml', topic: 'shop', count: 1_000 }])
    expect(text).toContain('30 records, 30 of them JSON objects; the layout that fits best is rees46')
    expect(text).toContain('kafka:\n  topics:\n    - topic: shop\n      layout: rees46')
    expect(exitCode).toBe(0)
  })

  test('shows as escapes what a terminal would obey, in names, keys, types and what is to be pasted', async () => {
    const records = hostileNames.map(name =>
      JSON.stringify({ event_time: 1, event_type: name, [name]: { category: name, [`${name} price`]: 1 } })
    )
    const own = JSON.stringify({
      event_time: 1,
      event_type: 'a',
      'x\u001b[2J\u202e': { category: '\u009b31m' }
    })
    for (const args of [[], ['--json']]) {
      const { text } = await inspect(['--topic', 'shop', ...args], [...records, ...Array(60).fill(own)])
      expect(text).not.toMatch(/[^\P{Cc}\n]|[\u200b\u202a-\u202e\u2028\ufeff\ud800-\udfff]/u)
      expect(text).toContain(String.raw`\u001b[2J\u202e`)
    }
  })

  test.each([[['a,b', '[1]']], [[]]])('ends with 1 where nothing of %j is readable', async records => {
    expect(await inspect(['--topic', 'shop'], records)).toMatchObject({ exitCode: 1 })
  })

  test('ends with 1 where no field is a time or a type, and writes what it found into a new file only', async () => {
    const path = join(await temporaryFolder(onTestFinished), 'shop.yaml')
    const untimed = JSON.stringify({ event_type: 'search', user: 'u' })
    expect(await inspect(['--topic', 'shop', '--write', path], [untimed])).toMatchObject({ exitCode: 1 })
    expect(await readFile(path, 'utf8')).toContain('- topic: shop\n      layout: native\n')
    await expect(inspect(['--topic', 'shop', '--write', path], lines)).rejects.toThrow(
      `${path} is there already: paste the part above into it, or name another file`
    )
    expect(await readFile(path, 'utf8')).toContain('layout: native')
  })

  test('judges by the configuration', async () => {
    const large = JSON.stringify({ event_time: 1, event_type: 'search', note: 'x'.repeat(2_000) })
    const { text } = await inspect(['--topic', 'shop', '--json'], [large])
    expect(JSON.parse(text)).toMatchObject({ dead: { too_large: 1 }, events: 0 })
  })

  test.each([
    [[]],
    [['file', '--topic', 'shop']],
    [['file', '--records', '0']],
    [['file', '--records', 'all']]
  ])('refuses %j', async args => {
    await expect(inspect(args)).rejects.toThrow()
  })

  test('says that a file is not there', async () => {
    await expect(inspect(['/none/events.ndjson'])).rejects.toThrow('/none/events.ndjson: no such file')
  })
})
