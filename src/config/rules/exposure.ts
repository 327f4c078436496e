import type { Settings } from '../document.ts'
import { eachLeaf } from '../effective.ts'
import { pathText } from '../errors.ts'
import { isLoopback } from '../plain-http.ts'
import type { Config } from '../schema.ts'
import { maskingOf } from '../secrets.ts'
import { type Note, noteAt } from './note.ts'

const leastLength = 16

/** Passwords, tokens and keys that somebody could guess. Addresses are secrets of their own kind. */
export function shortSecretNotes({ value, origins }: Pick<Settings, 'value' | 'origins'>): Note[] {
  const notes: Note[] = []
  eachLeaf(value, (leaf, path) => {
    if (typeof leaf !== 'string' || leaf === '' || leaf.length >= leastLength || maskingOf(path) !== 'whole')
      return
    const text = `${pathText(path)} is a secret of less than ${leastLength} characters`
    notes.push(noteAt(origins, 'short-secret', path, text))
  })
  return notes
}

/** Mail that is sent beyond this machine without encryption; what also sends a password has its note already. */
export function plainMailNotes({ receivers }: Config, origins: Settings['origins']): Note[] {
  return [...receivers].flatMap(([name, receiver]) => {
    if (receiver.type !== 'email' || receiver.tls !== 'none' || receiver.password !== null) return []
    if (isLoopback(receiver.host)) return []
    const text = `receivers.${name}.tls is none: others on the network can read the mails`
    return [noteAt(origins, 'smtp-without-tls', ['receivers', name, 'tls'], text)]
  })
}

/** The port answers /metrics and /status to whoever can reach it. */
export function openPortNotes({ http }: Config, origins: Settings['origins']): Note[] {
  const { operations } = http.allow
  const isForAll = operations === undefined || operations.some(network => network.endsWith('/0'))
  if (isLoopback(http.host) || !isForAll) return []
  const text = `http.host is ${http.host}: whoever can reach the port can read /status and /metrics; http.allow.operations does not say who may`
  return [noteAt(origins, 'open-port', ['http', 'host'], text)]
}

/** The page and the API are open by themselves to this machine alone. */
export function closedPageNotes({ http }: Config, origins: Settings['origins']): Note[] {
  const { host, userHeader, password, viewPassword, apiToken, viewToken } = http
  const ways = [userHeader, password, viewPassword, apiToken, viewToken]
  if (isLoopback(host) || ways.some(way => way !== null)) return []
  const text = `http.host is ${host}, and nobody can sign in: the page and the API let nobody in`
  return [noteAt(origins, 'nobody-signs-in', ['http', 'host'], text)]
}
