import { IntlMessageFormat } from 'intl-messageformat'
import { type Catalogue, catalogueOf } from './catalogue.ts'
import { bytesOf, figureText, formatsOf, spanOf } from './formats.ts'
import type { Language } from './language.ts'
import { type Figure, isSaid, type Phrase, type PhraseValue, type Said } from './phrase.ts'

/** A text of the catalogue with its placeholders filled in. */
export type Translate = (key: string, values?: Phrase['values']) => string

export interface Translator {
  /** Never fails: what cannot be said in this language is said in English, and else by its key. */
  readonly t: Translate
  /** Sentences one after the other; undefined of what only another version can say. */
  readonly say: (said: Said) => string | undefined
}

const made: Partial<Record<Language, Translator>> = {}

export function translator(language: Language = 'en'): Translator {
  made[language] ??= createTranslator(language)
  return made[language]
}

/** What is stored, logged and printed. */
export const english: Translate = (key, values) => translator().t(key, values)

/** Sentences in English, as they are stored and logged. */
export const inEnglish = (said: Said): string => said.map(({ key, values }) => english(key, values)).join(' ')

/** A finding's sentence: as it is stored, and for other languages. */
export const spoken = (said: Said) => ({ details: inEnglish(said), said })

/** Whether there is such a text: of a kind that brings its own texts, and of what only another version has, there is none. */
export const isKey = (key: string): boolean => catalogueOf('en').entries.has(key)

export function createTranslator(
  language: Language,
  { entries }: Pick<Catalogue, 'entries'> = catalogueOf(language)
): Translator {
  const formats = formatsOf(language)
  const writers = new Map<string, Writer>()

  /** Texts are compiled when they are first needed. */
  function writerOf(key: string): Writer {
    const known = writers.get(key)
    if (known) return known
    const text = entries.get(key)?.text
    if (text === undefined) throw new Error(`no text ${key}`)
    const writer = createWriter(text, formats.locale)
    writers.set(key, writer)
    return writer
  }

  function write({ key, values }: Phrase): string {
    const texts: Record<string, string | number> = {}
    for (const [name, value] of Object.entries(values)) texts[name] = textOf(value)
    return writerOf(key)(texts)
  }

  function textOf(value: PhraseValue): string | number {
    if (typeof value === 'string' || typeof value === 'number') return value
    if ('unit' in value) return value.unit === 'exact' ? exact(value) : figureText(value, formats, span)
    return 'list' in value ? value.list.map(write).join(value.between) : write(value)
  }

  function exact({ of, value, currency }: Extract<Figure, { unit: 'exact' }>): string {
    switch (of) {
      case 'money':
        return formats.cents(value, currency)
      case 'share':
        return formats.fineShare(value)
      case 'seconds':
        return write({ key: 'amount.seconds', values: { value: formats.tenths(value) } })
      case 'bytes': {
        const { unit, count } = bytesOf(value)
        return write({ key: `amount.byte.${unit}`, values: { value: formats.tenths(count) } })
      }
      case 'count':
      case 'number':
        return formats.tenths(value)
      default:
        return of satisfies never
    }
  }

  function span(ms: number): string {
    const { unit, count } = spanOf(ms)
    return write({ key: `span.${unit}`, values: { count } })
  }

  return {
    t(key, values = {}) {
      try {
        return write({ key, values })
      } catch {
        return language === 'en' ? `${key} ${JSON.stringify(values)}` : english(key, values)
      }
    },
    say(said) {
      // What is stored is read as it is, whichever version wrote it.
      if (!isSaid(said)) return undefined
      try {
        return said.map(write).join(' ')
      } catch {
        return undefined
      }
    }
  }
}

type Writer = (texts: Readonly<Record<string, string | number>>) => string

/** A text without placeholders, as most labels are, is no message to be parsed. */
function createWriter(text: string, locale: string): Writer {
  if (!/[{}']/.test(text)) return () => text
  const message = compile(text, locale)
  return texts => String(message.format(texts))
}

/** Throws where the text is no message. What looks like markup in it is text. */
export const compile = (text: string, locale: string): IntlMessageFormat =>
  new IntlMessageFormat(text, locale, undefined, { ignoreTag: true })
