import fc from 'fast-check'
import { expect, test } from 'vitest'
import { decryptText, encryptText } from '../../../../src/config/encryption/encrypted-text.ts'
import { otherKey, testKey } from '../../../support/encryption.ts'

const binding = { pipeline: 'shop', environment: '' }
const keys = new Map([['k2', testKey]])

test('what was encrypted is read again, whatever it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), secret => {
      const text = encryptText(secret, 'k2', testKey, binding)
      expect(text).toMatch(/^enc:v1:k2:[\w-]+$/)
      expect(decryptText(text, keys, binding)).toEqual({ value: secret, keyId: 'k2' })
    })
  )
})

test('of two texts of one secret nobody sees that they are the same', () => {
  expect(encryptText('secret', 'k2', testKey, binding)).not.toBe(
    encryptText('secret', 'k2', testKey, binding)
  )
})

test('a text that was changed anywhere, or cut, is refused without a word of it', () => {
  const secret = 'planted-secret-0123456789'
  const text = encryptText(secret, 'k2', testKey, binding)
  const from = 'enc:v1:k2:'.length
  fc.assert(
    fc.property(
      fc.integer({ min: from, max: text.length - 1 }),
      fc.integer({ min: 1, max: 63 }),
      (at, turn) => {
        const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
        const other = letters[(letters.indexOf(text[at] as string) + turn) % 64] as string
        const changed = text.slice(0, at) + other + text.slice(at + 1)
        const isSame = Buffer.from(changed.slice(from), 'base64url').equals(
          Buffer.from(text.slice(from), 'base64url')
        )
        expect('problem' in decryptText(changed, keys, binding)).toBe(!isSame)
        const cut = decryptText(text.slice(0, at), keys, binding)
        expect('problem' in cut && !cut.problem.includes('planted')).toBe(true)
      }
    )
  )
})

test('another key, pipeline or environment does not read it', () => {
  const text = encryptText('secret', 'k2', testKey, binding)
  const problemOf = (...[used, bound]: [Map<string, Buffer>, typeof binding]) => {
    const decrypted = decryptText(text, used, bound)
    return 'problem' in decrypted ? decrypted.problem : 'read'
  }
  expect(problemOf(new Map([['k2', otherKey]]), binding)).toContain('with another key of this id')
  expect(problemOf(new Map([['k3', testKey]]), binding)).toContain('there are only k3; add k2')
  expect(problemOf(new Map(), binding)).toContain('no key is set; add k2 to CARTWATCH_ENCRYPTION_KEYS')
  expect(problemOf(keys, { ...binding, pipeline: 'north' })).toContain(
    'for pipeline north and no environment'
  )
  expect(problemOf(keys, { ...binding, environment: 'prod' })).toContain(
    'it was encrypted for no environment'
  )
  expect(problemOf(keys, { pipeline: 'sho', environment: 'p' })).toContain('does not decrypt')
})
