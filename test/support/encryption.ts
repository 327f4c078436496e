import { encryptText } from '../../src/config/encryption/encrypted-text.ts'

export const testKey = Buffer.alloc(32, 7)
export const otherKey = Buffer.alloc(32, 8)
const line = (id: string, key: Buffer) => `${id}:${key.toString('base64')}`

/** `k2`, which encrypts, and `k1`. */
export const testKeys = `${line('k2', testKey)},${line('k1', otherKey)}`
export const onlyKey = (id: 'k1' | 'k2') => line(id, id === 'k2' ? testKey : otherKey)

/** As `cartwatch secrets encrypt` prints it. */
export const encrypted = (secret: string, { pipeline = 'shop', environment = '', keyId = 'k2' } = {}) =>
  encryptText(secret, keyId, keyId === 'k2' ? testKey : otherKey, { pipeline, environment })
