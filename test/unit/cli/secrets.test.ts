import { mkdtempSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { describe, expect, test } from 'vitest'
import { secretsCommand } from '../../../src/cli/secrets/command.ts'
import { readSecret } from '../../../src/cli/secrets/read-secret.ts'
import { replaceFile } from '../../../src/cli/secrets/replace-file.ts'
import { decryptText } from '../../../src/config/encryption/encrypted-text.ts'
import { encrypted, onlyKey, testKey, testKeys } from '../../support/encryption.ts'

interface Given {
  readonly env?: Readonly<Record<string, string>>
  readonly files?: Readonly<Record<string, string>>
  readonly typed?: string
}

async function secrets(args: readonly string[], { env = {}, files = {}, typed = '' }: Given = {}) {
  const said: string[] = []
  const complained: string[] = []
  const events: unknown[] = []
  const replaced: Record<string, string> = {}
  let exitCode = 0
  const command = secretsCommand({
    env: { CARTWATCH_ENCRYPTION_KEYS: testKeys, ...env },
    readFile(path) {
      const text = files[path]
      if (text === undefined) throw Object.assign(new Error('gone'), { code: 'ENOENT' })
      return text
    },
    readSecret: async () => typed,
    replaceFile(path, text) {
      replaced[path] = text
    },
    audit: async (config, event) => void events.push([config, event]),
    print: text => said.push(text),
    complain: text => complained.push(text),
    setExitCode: code => {
      exitCode = code
    }
  })
  await command.parseAsync([...args], { from: 'user' })
  return { said, complained, replaced, events, exitCode }
}

const keys = new Map([['k2', testKey]])
const north = 'pipeline: north\nenvironment: prod\n'

test('keygen prints a line for the list, another one each time', async () => {
  const { said } = await secrets(['keygen'])
  expect(said[0]).toMatch(/^[0-9a-f]{8}:[\w+/]{43}=$/)
  expect((await secrets(['keygen'])).said).not.toEqual(said)
})

describe('encrypt', () => {
  test('prints the text alone, for the pipeline and environment of the configuration', async () => {
    const { said, complained, exitCode } = await secrets(['encrypt'], {
      files: { 'cartwatch.yaml': north },
      typed: 'hunter2\n'
    })
    const binding = { pipeline: 'north', environment: 'prod' }
    expect(said.map(text => decryptText(text, keys, binding))).toEqual([{ value: 'hunter2', keyId: 'k2' }])
    expect(complained).toEqual([
      'note: encrypted with the key k2, for pipeline north and environment prod only'
    ])
    expect(exitCode).toBe(0)
  })

  test('without a configuration takes the defaults', async () => {
    const { said } = await secrets(['encrypt'], { typed: ' two words ' })
    expect(said.map(text => decryptText(text, keys, { pipeline: 'shop', environment: '' }))).toEqual([
      { value: ' two words ', keyId: 'k2' }
    ])
  })

  test.each([
    ['an argument', ['encrypt', 'hunter2'], {}, 'give the secret on standard input'],
    ['an argument like an option', ['encrypt', '--hunter2'], {}, 'give the secret on standard input'],
    ['nothing', ['encrypt'], { typed: '\n' }, 'standard input is empty'],
    ['what is encrypted already', ['encrypt'], { typed: 'enc:v1:hunter2' }, 'is encrypted already'],
    [
      'a secret without a key',
      ['encrypt'],
      { env: { CARTWATCH_ENCRYPTION_KEYS: '' } },
      'no key is set: put one into'
    ],
    [
      'a wrong key',
      ['encrypt'],
      { env: { CARTWATCH_ENCRYPTION_KEYS: 'hunter2' } },
      'environment variable CARTWATCH_ENCRYPTION_KEYS: entry 1'
    ],
    [
      'a configuration that is gone',
      ['encrypt', '--config', 'gone.yaml'],
      {},
      "gone.yaml: can't be read (ENOENT)"
    ],
    [
      'a wrong environment',
      ['encrypt'],
      { files: { 'cartwatch.yaml': 'environment: moon' } },
      'cartwatch.yaml:1:14: environment: is "moon"; expected dev, staging or prod'
    ]
  ])('refuses %s', async (_, args, given, message) => {
    const { said, complained, exitCode } = await secrets(args, { typed: 'hunter2', ...given })
    expect(complained.join()).toContain(message)
    expect(complained.join()).not.toContain('hunter2')
    expect({ said, exitCode }).toEqual({ said: [], exitCode: 1 })
  })

  test('on a terminal shows nothing of what is typed, and an interrupt ends it', async () => {
    const terminal = Object.assign(new PassThrough(), { isTTY: true, setRawMode: () => undefined })
    const shown: string[] = []
    const typed = readSecret(terminal, text => shown.push(text))
    terminal.write('hunter3\x7f2\r')
    expect(await typed).toBe('hunter2')
    const stopped = readSecret(terminal, text => shown.push(text))
    terminal.write('hunt\x03')
    await expect(stopped).rejects.toThrow('cancelled')
    expect(shown.join('')).not.toContain('hunt')
  })

  test('takes all of what is piped in', async () => {
    const piped = new PassThrough()
    piped.end('one\ntwo\n')
    expect(await readSecret(piped, () => undefined)).toBe('one\ntwo\n')
  })
})

describe('rotate', () => {
  const old = (secret: string) => encrypted(secret, { pipeline: 'north', environment: 'prod', keyId: 'k1' })
  const [first, second, third] = [old('first-secret'), old('second'), old('third')]
  const source = `# kept\r\n${north}\r\nstore: { password: "${first}" }   # kept, too\r\nreceivers:
  a:  {type: slack,   webhook_url: '${second}'}
  b: { type: slack, webhook_url: "\${B:-${third}}", channel: "#enc:v1:not-this" }\n# ${first}\n`

  test('encrypts each text anew, and everything else stays', async () => {
    const { said, replaced, events } = await secrets(['rotate', 'c.yaml'], {
      files: { 'c.yaml': source }
    })
    expect(events).toEqual([
      ['c.yaml', { action: 'secrets_rotated', subject: 'c.yaml', details: { texts: 3, key: 'k2' } }]
    ])
    expect(said).toEqual(['c.yaml: 3 texts encrypted anew with the key k2'])
    const found = replaced['c.yaml']?.match(/enc:v1:k2:[\w-]+/g) ?? []
    const binding = { pipeline: 'north', environment: 'prod' }
    expect(found.map(text => decryptText(text, keys, binding))).toMatchObject([
      { value: 'first-secret' },
      { value: 'second' },
      { value: 'third' }
    ])
    const back = [first, second, third].reduce(
      (text, one, at) => text.replace(found[at] as string, one),
      replaced['c.yaml'] ?? ''
    )
    expect(back).toBe(source)
  })

  test('of another file takes what the texts are bound to from the configuration', async () => {
    const manifest = `kind: Secret\nstringData: { A: ${first} }\n---\nother: [x, ${second}]\n`
    const files = { 'secret.yaml': manifest, 'c.yaml': north }
    expect((await secrets(['rotate', 'secret.yaml', '--config', 'c.yaml'], { files })).said).toEqual([
      'secret.yaml: 2 texts encrypted anew with the key k2'
    ])
    expect(
      (await secrets(['rotate', 'run', '--config', 'c.yaml'], { files: { ...files, run: `${first}\n` } }))
        .said
    ).toEqual(['run: 1 text encrypted anew with the key k2'])
  })

  test('writes nothing where one text does not decrypt, or the file is no YAML', async () => {
    const broken = source.replace(second, second.slice(0, -4))
    const { complained, replaced, exitCode, events } = await secrets(['rotate', 'c.yaml'], {
      files: { 'c.yaml': broken }
    })
    expect(complained.join('\n')).toMatch(
      /^c\.yaml:7:36: receivers\.a\.webhook_url: does not decrypt[^\n]*\nc\.yaml: unchanged: 1 error$/
    )
    expect({ replaced, events, exitCode }).toEqual({ replaced: {}, events: [], exitCode: 1 })
    const files = { 'c.yaml': north, 'x.yaml': 'a: [b' }
    expect((await secrets(['rotate', 'x.yaml', '--config', 'c.yaml'], { files })).complained[0]).toContain(
      'x.yaml:1:6: this is not YAML'
    )
    const escaped = { 'c.yaml': source.replace(`"${first}"`, `"\\x65${first.slice(1)}"`) }
    expect((await secrets(['rotate', 'c.yaml'], { files: escaped })).complained[0]).toContain(
      'write it on one line'
    )
  })

  test('replaces the file at once, with its mode, and leaves nothing beside it', () => {
    const folder = mkdtempSync(join(tmpdir(), 'cartwatch-'))
    const file = join(folder, 'real.yaml')
    writeFileSync(file, 'old', { mode: 0o640 })
    symlinkSync('real.yaml', join(folder, 'link.yaml'))
    replaceFile(join(folder, 'link.yaml'), 'new')
    expect(readFileSync(file, 'utf8')).toBe('new')
    expect(statSync(file).mode & 0o777).toBe(0o640)
    expect(readdirSync(folder)).toEqual(['link.yaml', 'real.yaml'])
    expect(() => replaceFile(join(folder, 'gone.yaml'), 'new')).toThrow('ENOENT')
  })
})

describe('check', () => {
  const source = `store: { password: ${encrypted('a')} }\nkafka: { sasl: { username: u, mechanism: plain, password: "\${MY}" } }\n`
  const files = { 'cartwatch.yaml': source, '/run/hook': `${encrypted('b')}\n` }
  const env = {
    MY: encrypted('c'),
    SLACK_WEBHOOK_URL_FILE: '/run/hook',
    OTHER: encrypted('d', { keyId: 'k1' })
  }

  test('names each text with its key, and the keys that none needs', async () => {
    const { said, exitCode } = await secrets(['check'], { files, env })
    expect(said).toEqual([
      'cartwatch.yaml:1:20: store.password: decrypts with the key k2',
      'environment variable SLACK_WEBHOOK_URL_FILE: /run/hook: decrypts with the key k2',
      'environment variable MY: decrypts with the key k2',
      '3 encrypted texts, all of which decrypt; new ones get the key k2',
      'the key k1 is no longer needed here'
    ])
    expect(exitCode).toBe(0)
  })

  test('names what does not decrypt, and says of no key that it is not needed', async () => {
    const { complained, said, exitCode } = await secrets(['check', 'cartwatch.yaml'], {
      files: { ...files, 'cartwatch.yaml': `pipeline: north\n${source}` },
      env: { ...env, CARTWATCH_ENCRYPTION_KEYS: onlyKey('k1'), MY: 'enc:hunter2' }
    })
    expect(said).toEqual([])
    expect(complained[0]).toContain(
      'cartwatch.yaml:2:20: store.password: is encrypted with the key k2, and there are only k1'
    )
    expect(complained[2]).toBe(
      'environment variable MY: is no encrypted text; expected enc:v1:KEYID:TEXT, as `cartwatch secrets encrypt` prints it'
    )
    expect(complained[3]).toBe('3 of 3 encrypted texts cannot be read')
    expect(exitCode).toBe(1)
  })
})
