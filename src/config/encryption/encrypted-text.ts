import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { environments } from '../environments.ts'
import type { Keys } from './keyring.ts'

/** Where an encrypted text may be used: elsewhere it does not decrypt. */
export interface Binding {
  readonly pipeline: string
  /** Empty where the configuration names none. */
  readonly environment: string
}

export type Decrypted = { readonly value: string; readonly keyId: string } | { readonly problem: string }

const cipher = 'aes-256-gcm'
const ivBytes = 12
const tagBytes = 16
const form = /^enc:v1:([\w-]{1,32}):([\w-]+)$/

/** Whatever begins so is meant as an encrypted text, and is right as one or an error. */
export const isEncrypted = (text: string): boolean => text.startsWith('enc:')

/** `enc:v1:KEYID:` and nonce, text and tag in base64url. The id and the binding are authenticated, not encrypted. */
export function encryptText(secret: string, keyId: string, key: Buffer, binding: Binding): string {
  const iv = randomBytes(ivBytes)
  const encryption = createCipheriv(cipher, key, iv, { authTagLength: tagBytes })
  encryption.setAAD(boundTo(keyId, binding))
  const parts = [iv, encryption.update(secret, 'utf8'), encryption.final(), encryption.getAuthTag()]
  return `enc:v1:${keyId}:${Buffer.concat(parts).toString('base64url')}`
}

/** The plain text, or why it cannot be had, as the end of a sentence that begins with its place. Shows nothing of the text. */
export function decryptText(text: string, keys: Keys, binding: Binding): Decrypted {
  const [, keyId, encoded] = form.exec(text) ?? []
  if (keyId === undefined || encoded === undefined) return { problem: whyMalformed(text) }
  const bytes = Buffer.from(encoded, 'base64url')
  if (bytes.length <= ivBytes + tagBytes)
    return {
      problem: 'is an encrypted text that was cut short; copy all that `cartwatch secrets encrypt` printed'
    }
  const key = keys.get(keyId)
  if (key === undefined) return { problem: whyNoKey(keyId, keys) }
  const value = open(bytes, keyId, key, binding)
  return value === undefined ? { problem: whyRefused(bytes, keyId, key, binding) } : { value, keyId }
}

/** Undefined where key, binding or text are not those it was made with. */
function open(bytes: Buffer, keyId: string, key: Buffer, binding: Binding): string | undefined {
  const decryption = createDecipheriv(cipher, key, bytes.subarray(0, ivBytes), { authTagLength: tagBytes })
  decryption.setAAD(boundTo(keyId, binding))
  decryption.setAuthTag(bytes.subarray(-tagBytes))
  const plain = decryption.update(bytes.subarray(ivBytes, -tagBytes))
  try {
    return Buffer.concat([plain, decryption.final()]).toString('utf8')
  } catch {
    return undefined
  }
}

/** As JSON, so that no two bindings are one text. */
const boundTo = (keyId: string, { pipeline, environment }: Binding): Buffer =>
  Buffer.from(JSON.stringify(['enc:v1', keyId, pipeline, environment]))

function whyMalformed(text: string): string {
  const isOtherVersion = /^enc:v\d+:/.test(text) && !text.startsWith('enc:v1:')
  const what = isOtherVersion
    ? 'is encrypted in a form that this version does not know'
    : 'is no encrypted text'
  return `${what}; expected enc:v1:KEYID:TEXT, as \`cartwatch secrets encrypt\` prints it`
}

function whyNoKey(keyId: string, keys: Keys): string {
  const there = keys.size > 0 ? `there are only ${[...keys.keys()].join(', ')}` : 'no key is set'
  return `is encrypted with the key ${keyId}, and ${there}; add ${keyId} to CARTWATCH_ENCRYPTION_KEYS`
}

function whyRefused(bytes: Buffer, keyId: string, key: Buffer, { pipeline, environment }: Binding): string {
  const named = (name: string) => (name === '' ? 'no environment' : `environment ${name}`)
  const here = `pipeline ${pipeline} and ${named(environment)}`
  const other = ['', ...environments].find(
    name => name !== environment && open(bytes, keyId, key, { pipeline, environment: name }) !== undefined
  )
  const why =
    other === undefined
      ? `it was encrypted with another key of this id or for another pipeline or environment, or it is damaged`
      : `it was encrypted for ${named(other)}`
  return `does not decrypt with the key ${keyId} for ${here}: ${why}; encrypt the secret again with \`cartwatch secrets encrypt\``
}
