/** A number with how it is to be written; plain JSON, so that it can be written in another language later. */
export type Figure =
  | { readonly unit: 'money'; readonly value: number; readonly currency: string }
  /** A metric's value in its own unit, to the cent or the tenth. */
  | { readonly unit: 'exact'; readonly of: ExactUnit; readonly value: number; readonly currency: string }
  | {
      readonly unit:
        | 'count'
        | 'share'
        | 'small_share'
        | 'signed_share'
        | 'short'
        | 'span'
        | 'times'
        | 'hundredths'
        | 'as_sent'
      readonly value: number
    }

type ExactUnit = 'money' | 'count' | 'share' | 'seconds' | 'bytes' | 'number'

/** Several phrases within one, with what stands between them. */
interface PhraseList {
  readonly list: readonly Phrase[]
  readonly between: ', ' | '; '
}

export type PhraseValue = string | number | Figure | Phrase | PhraseList

/** A text of the catalogues with what fills its placeholders. A plain number chooses a plural or stands as it is. */
export interface Phrase {
  readonly key: string
  readonly values: Readonly<Record<string, PhraseValue>>
}

/** A sentence or a few, before they are written in a language. */
export type Said = readonly Phrase[]

export const phrase = (key: string, values: Phrase['values'] = {}): Phrase => ({ key, values })

/** Whether a stored value is what `Said` is: another version may have written it. */
export const isSaid = (value: unknown): value is Said =>
  Array.isArray(value) && value.length > 0 && value.every(isPhrase)

function isPhrase(value: unknown): value is Phrase {
  if (!isObject(value) || typeof value['key'] !== 'string' || !isObject(value['values'])) return false
  return Object.values(value['values']).every(isPhraseValue)
}

function isPhraseValue(value: unknown): value is PhraseValue {
  if (typeof value === 'string' || typeof value === 'number') return true
  if (!isObject(value)) return false
  if ('unit' in value) return isFigure(value)
  return 'list' in value ? Array.isArray(value['list']) && value['list'].every(isPhrase) : isPhrase(value)
}

const units = new Set<unknown>([
  'count',
  'share',
  'small_share',
  'signed_share',
  'short',
  'span',
  'times',
  'hundredths',
  'as_sent'
])

const exactUnits = new Set<unknown>([
  'money',
  'count',
  'share',
  'seconds',
  'bytes',
  'number'
] satisfies ExactUnit[])

function isFigure({ unit, of, value, currency }: Readonly<Record<string, unknown>>): boolean {
  if (typeof value !== 'number') return false
  if (unit === 'exact') return typeof currency === 'string' && exactUnits.has(of)
  return unit === 'money' ? typeof currency === 'string' : units.has(unit)
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null
