import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, onTestFinished, test } from 'vitest'
import { inspectCommand } from '../../../src/cli/inspect.ts'
import { loadConfig } from '../../../src/config/load.ts'
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

/** Runs the command on topics, all with these records or each with its own, or on files. */
async function inspect(
  args: readonly string[],
  records: readonly string[] | Readonly<Record<string, readonly string[]>> = []
) {
  const printed: string[] = []
  const asked: unknown[] = []
  let exitCode = 0
  const command = inspectCommand({
    open: config => ({
      decoding: { currency: 'USD', knownCurrencies: new Set(['USD']), maxBytes: 1_024 },
      readNewest: async (topic, count) => {
        asked.push({ config, topic, count })
        const own = Array.isArray(records)
          ? records
          : (records as Readonly<Record<string, readonly string[]>>)[topic]
        return (own ?? []).map(record => Buffer.from(record))
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

  test('does not write where no record can be read', async () => {
    const path = join(await temporaryFolder(onTestFinished), 'shop.yaml')
    await expect(inspect(['--topic', 'shop', '--write', path], ['a,b'])).rejects.toThrow(
      `${path} is not written: no record can be read`
    )
    await expect(readFile(path)).rejects.toThrow('ENOENT')
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

  test('says that a file is not there, also of several', async () => {
    await expect(inspect(['/none/events.ndjson'])).rejects.toThrow('/none/events.ndjson: no such file')
    const there = join(await temporaryFolder(onTestFinished), 'a.ndjson')
    await writeFile(there, lines.join('\n'))
    await expect(inspect([there, '/none/b.ndjson'])).rejects.toThrow('/none/b.ndjson: no such file')
  })
})

/** Orders of a till that writes its own words, and visits in the words of this program. */
const tillOf = (currency: string) =>
  Array.from({ length: 12 }, (_, at) =>
    JSON.stringify({
      order: { no: `b-${at}` },
      created_at: `2026-11-21T10:00:${10 + at}+01:00`,
      kind: at % 2 === 0 ? 'OrderPlaced' : 'TillOpened',
      price: `${at}.50`,
      currency
    })
  )
const visits = Array.from({ length: 9 }, (_, at) =>
  JSON.stringify({ event_time: 1_795_255_872 + at, event_type: 'page_view', session_id: `v-${at}` })
)

/** The configuration that a file has, with the variables of the environment as they are. */
function configOf(source: string) {
  const loaded = loadConfig({ path: 'shop.yaml', env: {}, readFile: () => source })
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.errors))
  return loaded.config
}

describe('cartwatch inspect of several topics', () => {
  const topics = ['--topic', 'till', '--topic', 'visits']

  test('judges each by itself, and writes one configuration that reads both', async () => {
    const path = join(await temporaryFolder(onTestFinished), 'shop.yaml')
    const { text, asked, exitCode } = await inspect([...topics, '--records', '50', '--write', path], {
      till: tillOf('CHF'),
      visits
    })
    expect(exitCode).toBe(0)
    expect(asked).toEqual([
      { config: undefined, topic: 'till', count: 50 },
      { config: undefined, topic: 'visits', count: 50 }
    ])
    expect(text).toMatch(/^Topic till\n12 records, 12 of them/)
    expect(text).toMatch(/\n\nTopic visits\n9 records, 9 of them/)
    expect(text.match(/For cartwatch.yaml:/g)).toHaveLength(1)
    expect(text).toMatch(/Written to .*shop\.yaml\.$/)
    const source = await readFile(path, 'utf8')
    expect(text).toContain(source.trimEnd())
    expect(source).toContain(
      'of till: add them to event_types ("other" for none of cartwatch\'s): TillOpened'
    )
    const { kafka, currency } = configOf(source)
    expect(currency).toBe('CHF')
    expect(kafka.topics).toEqual(['till', 'visits'])
    expect(kafka.layouts.get('till')).toMatchObject({
      fields: { event_time: ['created_at'], event_type: ['kind'], order_id: ['order.no'] },
      event_types: { OrderPlaced: 'purchase' }
    })
    expect(kafka.layouts.get('visits')).toEqual({ layout: 'native' })
  })

  test('is one object for programs', async () => {
    const { text } = await inspect([...topics, '--json'], { till: tillOf('CHF'), visits })
    const { inputs, config } = JSON.parse(text)
    expect(inputs).toMatchObject([
      { topic: 'till', records: 12, events: 12 },
      { topic: 'visits', records: 9, events: 9, types: [{ name: 'page_view', count: 9 }] }
    ])
    expect(configOf(config).kafka.topics).toEqual(['till', 'visits'])
  })

  test('names no currency where they differ, and says so', async () => {
    const { text } = await inspect(['--topic', 'till', '--topic', 'tills', '--topic', 'till'], {
      till: tillOf('CHF'),
      tills: tillOf('JPY')
    })
    expect(text).toContain(
      '# The currencies differ (till CHF, tills JPY): set currency, and rates for the others.'
    )
    expect(text).not.toMatch(/^currency:/m)
    expect(text.match(/- topic:/g)).toHaveLength(2)
  })

  test('leaves out one of which no record can be read, and ends with 1', async () => {
    const { text, exitCode } = await inspect([...topics, '--json'], { till: ['a,b', '7'], visits })
    expect(exitCode).toBe(1)
    const { config } = JSON.parse(text)
    expect(config).toContain('# Not here: till, of which no record can be read.')
    expect(configOf(config).kafka.topics).toEqual(['visits'])
  })
})

describe('cartwatch inspect of several files', () => {
  const filesOf = async (files: Readonly<Record<string, readonly string[]>>) => {
    const folder = await temporaryFolder(onTestFinished)
    for (const [name, records] of Object.entries(files))
      await writeFile(join(folder, name), records.join('\n'))
    return Object.keys(files).map(name => join(folder, name))
  }

  test('proposes one layout for all where they are read alike', async () => {
    const paths = await filesOf({ 'monday.ndjson': lines, 'tuesday.ndjson': lines.slice(10) })
    const { text } = await inspect([...paths, '--json'])
    const { inputs, config } = JSON.parse(text)
    expect(inputs).toMatchObject([
      { file: expect.stringContaining('monday'), records: 30 },
      { file: expect.stringContaining('tuesday'), records: 20 }
    ])
    expect(config).toBe('events:\n  layout: rees46\n')
  })

  test('names topics after them where each has its own', async () => {
    const paths = await filesOf({
      'till 1.old.ndjson': tillOf('EUR'),
      'till 1.ndjson': tillOf('EUR'),
      '.v': visits
    })
    const { text } = await inspect([...paths, '--json'])
    const { config } = JSON.parse(text)
    expect(config).toContain('# The topics are named after the files: give them their own names.')
    expect(configOf(config).kafka.topics).toEqual(['till-1', 'till-1-2', '.v'])
  })
})
