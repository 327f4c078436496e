import { createHmac } from 'node:crypto'
import { isOfService } from '../../../detectors/kind-of.ts'

/** Puts a hash in place of a name or a text: the same one for the same text. */
export type Anonymise = (text: string) => string

const digits = 16
const anonymous = new RegExp(`^anon:[0-9a-f]{${digits}}$`)

export function createAnonymise(secret: string): Anonymise {
  return function anonymise(text) {
    if (text === '' || anonymous.test(text)) return text
    const hash = createHmac('sha256', secret).update(`cartwatch anonymous ${text}`).digest('hex')
    return `anon:${hash.slice(0, digits)}`
  }
}

type Json = Readonly<Record<string, unknown>>

/** What stands under these keys is people's, in whatever record. */
const personal: ReadonlySet<string> = new Set(['by', 'answer', 'mention'])
/** What another service said of it, and the same in phrases for other languages. */
const sayings: ReadonlySet<string> = new Set(['details', 'said', 'evidence'])
/** Records whose keys are names that somebody gave, and that hold nothing of people. */
const kept: ReadonlySet<string> = new Set(['labels', 'told', 'mutedFor', 'matchers'])

/**
 * A record as the column `state` has it, with hashes in place of names of people and of their texts: the reasons of silences and labels,
 * the answers of receivers, what other services said, and the lines of reports, which name people.
 */
export function anonymisedState(state: unknown, anonymise: Anonymise): unknown {
  if (Array.isArray(state)) return state.map(item => anonymisedState(item, anonymise))
  if (typeof state !== 'object' || state === null) return state
  const record = state as Json
  const isSaid = isOfService(String(record['kind']))
  const isHidden = (key: string) =>
    personal.has(key) ||
    (key === 'reason' && ('matchers' in record || 'verdict' in record)) ||
    (key === 'lines' && 'heading' in record) ||
    (isSaid && sayings.has(key))
  const isKept = (key: string) => kept.has(key) || key === 'evidence'
  return Object.fromEntries(
    Object.entries(record).map(([key, value]) => {
      if (isHidden(key)) return [key, anonymisedTexts(value, anonymise)]
      return [key, isKept(key) ? value : anonymisedState(value, anonymise)]
    })
  )
}

/** Every text within, whatever it is under; numbers stay. */
export function anonymisedTexts(value: unknown, anonymise: Anonymise): unknown {
  if (typeof value === 'string') return anonymise(value)
  if (Array.isArray(value)) return value.map(item => anonymisedTexts(item, anonymise))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, anonymisedTexts(inner, anonymise)])
  )
}
