import { createHash, randomBytes } from 'node:crypto'
import type { LookUp } from '../interpolate.ts'

const keysVariable = 'CARTWATCH_ENCRYPTION_KEYS'
const singleKeyVariable = 'SLACK_ENCRYPTION_KEY'
/** The variables that hold keys. */
export const encryptionVariables: readonly string[] = [keysVariable, singleKeyVariable]

/** 32 bytes by id, in the order of the list: the first encrypts, all decrypt. */
export type Keys = ReadonlyMap<string, Buffer>

/** Keys, or why there are none although a variable is set. */
export type Keyring =
  | { readonly keys: Keys }
  | { readonly keys: null; readonly variable: string; readonly problem: string }

const expected = 'expected KEYID:BASE64 with 32 bytes, as `cartwatch secrets keygen` prints it'
const keyId = /^[\w-]{1,32}$/

/** Reads the keys of the environment. An error never shows what is there. */
export function readKeyring(lookUp: LookUp): Keyring {
  const found = encryptionVariables.map(name => ({ name, variable: lookUp(name) }))
  const set: { readonly name: string; readonly text: string }[] = []
  for (const { name, variable } of found) {
    if ('problem' in variable) return { keys: null, variable: name, problem: variable.problem }
    if ('value' in variable && variable.value !== undefined) set.push({ name, text: variable.value })
  }
  const [first, second] = set
  if (first === undefined) return { keys: new Map() }
  if (second !== undefined)
    return { keys: null, variable: second.name, problem: `is set beside ${first.name}; keep one of them` }
  const result = first.name === keysVariable ? readList(first.text) : readSingle(first.text)
  return result.keys ? result : { ...result, variable: first.name }
}

type Read = { readonly keys: Keys } | { readonly keys: null; readonly problem: string }

function readList(text: string): Read {
  const keys = new Map<string, Buffer>()
  for (const [index, entry] of text.split(/[,\n]/).entries()) {
    const which = `entry ${index + 1}`
    const [id = '', encoded, ...more] = entry.trim().split(':')
    if (encoded === undefined || more.length > 0 || !keyId.test(id))
      return { keys: null, problem: `${which} has no id of letters, digits, - and _; ${expected}` }
    if (keys.has(id))
      return { keys: null, problem: `${which} has the id of an earlier one; each needs its own` }
    const bytes = bytesOf(encoded)
    if (typeof bytes === 'string') return { keys: null, problem: `${which} ${bytes}` }
    keys.set(id, bytes)
  }
  return { keys }
}

/** A key alone, with or without its id. */
function readSingle(text: string): Read {
  const trimmed = text.trim()
  if (trimmed.includes(','))
    return { keys: null, problem: `holds several keys; put a list into ${keysVariable}` }
  if (trimmed.includes(':')) return readList(trimmed)
  const bytes = bytesOf(trimmed)
  return typeof bytes === 'string'
    ? { keys: null, problem: bytes }
    : { keys: new Map([[idOf(bytes), bytes]]) }
}

/** Or what is wrong with it. */
function bytesOf(encoded: string): Buffer | string {
  if (!/^[\w+/-]*={0,2}$/.test(encoded)) return `is not base64; ${expected}`
  const bytes = Buffer.from(encoded, 'base64')
  return bytes.length === keyBytes ? bytes : `holds ${bytes.length} bytes; ${expected}`
}

const keyBytes = 32

/** The id of a key that has been given none. Eight digits of a hash say nothing about 32 random bytes. */
function idOf(bytes: Buffer): string {
  return createHash('sha256').update('cartwatch key id').update(bytes).digest('hex').slice(0, 8)
}

/** A new key as a line for the list. */
export function newKeyLine(): string {
  const bytes = randomBytes(keyBytes)
  return `${idOf(bytes)}:${bytes.toString('base64')}`
}
