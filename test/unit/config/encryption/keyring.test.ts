import { describe, expect, test } from 'vitest'
import { newKeyLine, readKeyring } from '../../../../src/config/encryption/keyring.ts'
import { environment } from '../../../../src/config/environment.ts'
import { onlyKey, otherKey, testKey, testKeys } from '../../../support/encryption.ts'

const readFile = (path: string) => (path === '/run/keys' ? `${onlyKey('k2')}\n${onlyKey('k1')}\n` : '')
const keyringOf = (env: Readonly<Record<string, string>>) => readKeyring(environment(env, readFile).lookUp)

test('the keys come in the order of the list', () => {
  const { keys } = keyringOf({ CARTWATCH_ENCRYPTION_KEYS: testKeys })
  expect([...(keys ?? [])]).toEqual([
    ['k2', testKey],
    ['k1', otherKey]
  ])
})

test('a file may hold the list, a line each', () => {
  expect([...(keyringOf({ CARTWATCH_ENCRYPTION_KEYS_FILE: '/run/keys' }).keys ?? new Map()).keys()]).toEqual([
    'k2',
    'k1'
  ])
})

test('without a variable there are none', () => {
  expect(keyringOf({}).keys?.size).toBe(0)
})

test('a new key is one that the list takes, and alone it gets the same id', () => {
  const line = newKeyLine()
  const [id, encoded = ''] = line.split(':')
  expect([...(keyringOf({ CARTWATCH_ENCRYPTION_KEYS: line }).keys ?? new Map()).keys()]).toEqual([id])
  expect(keyringOf({ SLACK_ENCRYPTION_KEY: encoded })).toEqual(keyringOf({ CARTWATCH_ENCRYPTION_KEYS: line }))
  expect(keyringOf({ SLACK_ENCRYPTION_KEY: line })).toEqual(keyringOf({ CARTWATCH_ENCRYPTION_KEYS: line }))
  expect(newKeyLine()).not.toBe(line)
})

describe('a list that is wrong says which entry and shows none', () => {
  test.each([
    ['hunter2', 'entry 1 has no id'],
    [`${onlyKey('k2')},hunter2:`, 'entry 2 holds 0 bytes'],
    [`${onlyKey('k2')},`, 'entry 2 has no id'],
    ['k1:hunter2', 'entry 1 holds 5 bytes'],
    ['k1:hunter 2!', 'entry 1 is not base64'],
    [`hunter2 x:${testKey.toString('base64')}`, 'entry 1 has no id'],
    [`k1:${Buffer.alloc(31).toString('base64')}`, 'entry 1 holds 31 bytes'],
    [`${onlyKey('k2')},${onlyKey('k2')}`, 'entry 2 has the id of an earlier one']
  ])('%s', (list, problem) => {
    const keyring = keyringOf({ CARTWATCH_ENCRYPTION_KEYS: list })
    if (keyring.keys) throw new Error('taken')
    expect(keyring.problem).toContain(problem)
    expect(keyring.problem).not.toContain('hunter2')
    expect(keyring.variable).toBe('CARTWATCH_ENCRYPTION_KEYS')
  })

  test('also of the single key', () => {
    expect(keyringOf({ SLACK_ENCRYPTION_KEY: testKeys })).toMatchObject({
      problem: expect.stringContaining('several keys')
    })
    expect(keyringOf({ SLACK_ENCRYPTION_KEY: 'hunter2' })).toMatchObject({
      problem: expect.stringContaining('holds 5 bytes')
    })
    expect(keyringOf({ SLACK_ENCRYPTION_KEY: 'x', CARTWATCH_ENCRYPTION_KEYS: testKeys })).toMatchObject({
      variable: 'SLACK_ENCRYPTION_KEY',
      problem: 'is set beside CARTWATCH_ENCRYPTION_KEYS; keep one of them'
    })
  })
})
