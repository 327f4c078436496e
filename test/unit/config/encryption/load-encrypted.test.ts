// biome-ignore-all lint/suspicious/noTemplateCurlyInString: that is how the file names a variable
import { describe, expect, test } from 'vitest'
import { formatErrors } from '../../../../src/config/errors.ts'
import { loadConfig } from '../../../../src/config/load.ts'
import { printConfig } from '../../../../src/config/print.ts'
import { encrypted, testKeys } from '../../../support/encryption.ts'

const hook = 'https://hooks.slack.com/services/T0/B0/planted-secret-12345678'
const keys = { CARTWATCH_ENCRYPTION_KEYS: testKeys }

function load(
  source: string,
  env: Readonly<Record<string, string>> = keys,
  files: Readonly<Record<string, string>> = {}
) {
  return loadConfig({ path: 'c.yaml', env, readFile: path => files[path] ?? source })
}
const hookOf = (...args: Parameters<typeof load>) => {
  const loaded = load(...args)
  if (!loaded.ok) throw new Error(formatErrors(loaded.errors))
  return [...loaded.config.receivers.values()][0]
}
const errorsOf = (...args: Parameters<typeof load>) => {
  const loaded = load(...args)
  return loaded.ok ? [] : formatErrors(loaded.errors).split('\n')
}
const receiver = (webhook: string) =>
  `receivers: { team: { type: slack, webhook_url: "${webhook}" } }\nroutes: [{ default: team }]\n`

describe('an encrypted secret is read', () => {
  test('in the file, as the default of a variable, as a part of a value', () => {
    expect(hookOf(receiver(encrypted(hook)))).toMatchObject({ webhookUrl: hook })
    expect(hookOf(receiver(`\${HOOK:-${encrypted(hook)}}`))).toMatchObject({ webhookUrl: hook })
    const env = { ...keys, TAIL_TOKEN: encrypted('planted-secret-12345678') }
    expect(hookOf(receiver('https://hooks.slack.com/services/T0/B0/${TAIL_TOKEN}'), env)).toMatchObject({
      webhookUrl: hook
    })
  })

  test('in a variable, and in the file that NAME_FILE names', () => {
    expect(hookOf('', { ...keys, SLACK_WEBHOOK_URL: encrypted(hook) })).toMatchObject({ webhookUrl: hook })
    const env = { ...keys, SLACK_WEBHOOK_URL_FILE: '/run/hook' }
    expect(hookOf('', env, { '/run/hook': `${encrypted(hook)}\n` })).toMatchObject({ webhookUrl: hook })
  })

  test('with an older key of the list', () => {
    expect(hookOf(receiver(encrypted(hook, { keyId: 'k1' })))).toMatchObject({ webhookUrl: hook })
  })

  test('for its pipeline and environment, which may be variables', () => {
    const text = encrypted(hook, { pipeline: 'north', environment: 'prod' })
    const source = `pipeline: "\${P}"\nenvironment: \${E:-prod}\n${receiver(text)}`
    expect(hookOf(source, { ...keys, P: 'north' })).toMatchObject({ webhookUrl: hook })
    expect(errorsOf(source, { ...keys, P: 'south' })[0]).toMatch(
      /^c\.yaml:3:48: receivers\.team\.webhook_url: does not decrypt/
    )
  })

  test('and is shown as any secret is, with no note that it is in plain text', () => {
    const loaded = load(receiver(encrypted(hook)))
    if (!loaded.ok) throw new Error('refused')
    expect(printConfig(loaded.effective)).toContain('webhook_url: "***12345678"')
    expect(loaded.warnings).toEqual([])
    const plain = load(receiver(hook))
    expect(plain.ok && plain.hash).toBe(loaded.hash)
  })
})

describe('an error has its place and what would be right', () => {
  test('without a key', () => {
    expect(errorsOf(receiver(encrypted(hook)), {})).toEqual([
      'c.yaml:1:48: receivers.team.webhook_url: is encrypted with the key k2, and no key is set; add k2 to CARTWATCH_ENCRYPTION_KEYS'
    ])
  })

  test('with a list of keys that is wrong, which is an error by itself', () => {
    const wrong = { CARTWATCH_ENCRYPTION_KEYS: 'k1:hunter2' }
    const problem =
      'entry 1 holds 5 bytes; expected KEYID:BASE64 with 32 bytes, as `cartwatch secrets keygen` prints it'
    expect(errorsOf('', wrong)).toEqual([`environment variable CARTWATCH_ENCRYPTION_KEYS: ${problem}`])
    expect(errorsOf(receiver(encrypted(hook)), wrong)[1]).toBe(
      `c.yaml:1:48: receivers.team.webhook_url: is encrypted, and CARTWATCH_ENCRYPTION_KEYS is wrong: ${problem}`
    )
  })

  test('of a variable, by its name', () => {
    expect(errorsOf('', { ...keys, CLICKHOUSE_PASSWORD: 'enc:v1:k2:abc' })).toEqual([
      'environment variable CLICKHOUSE_PASSWORD: store.password: CLICKHOUSE_PASSWORD is an encrypted text that was cut short; copy all that `cartwatch secrets encrypt` printed'
    ])
  })

  test('where no secret belongs', () => {
    const misplaced = 'is encrypted, and no secret belongs here: it would be shown; write it in plain text'
    expect(errorsOf(`labels: { team: "${encrypted('x')}" }\n`)).toEqual([
      `c.yaml:1:17: labels.team: ${misplaced}`
    ])
    expect(errorsOf('', { ...keys, CLICKHOUSE_USER: encrypted('x') })).toEqual([
      `environment variable CLICKHOUSE_USER: store.user: CLICKHOUSE_USER ${misplaced}`
    ])
    expect(errorsOf(`pipeline: "${encrypted('x')}"\n`)).toEqual([`c.yaml:1:11: pipeline: ${misplaced}`])
  })

  test('and a command that does not use the secret needs no key', () => {
    const uses = (source: string, env = {}) =>
      loadConfig({ path: 'c.yaml', env, readFile: () => source, uses: [] }).ok
    expect(uses(receiver(encrypted(hook)))).toBe(true)
    expect(uses('', { SLACK_WEBHOOK_URL: encrypted(hook) })).toBe(true)
    expect(uses(`labels: { team: "${encrypted('x')}" }\n`)).toBe(false)
  })
})
