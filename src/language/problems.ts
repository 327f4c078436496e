import type { IntlMessageFormat } from 'intl-messageformat'
import { type Catalogue, catalogueOf, parseCatalogue, placeOf, readLocale } from './catalogue.ts'
import { formatsOf, keep } from './formats.ts'
import { type Language, languages } from './language.ts'
import { compile } from './translator.ts'

/** What is wrong with a catalogue, and where. */
export interface CatalogueProblem {
  readonly place: string
  readonly line: number
  readonly key: string
  readonly message: string
}

/** Empty where every language has every text, with the placeholders that the code fills in. */
export const catalogueProblems = (read: typeof readLocale = readLocale): readonly CatalogueProblem[] =>
  languages.flatMap(language => {
    const source = read(language)
    const place = placeOf(language)
    if (source === undefined) return [{ place, line: 1, key: '', message: "can't be read" }]
    return problemsIn(parseCatalogue(source), language)
  })

/** Each text is compared with the English one that the code was written with. */
function problemsIn({ entries, faults }: Catalogue, language: Language): CatalogueProblem[] {
  const { entries: reference } = catalogueOf('en')
  const at = (line: number, key: string, message: string) => ({
    place: placeOf(language),
    line,
    key,
    message
  })
  const own = [...entries].flatMap(([key, { text, line }]) => {
    const english = reference.get(key)?.text
    if (english === undefined) return [at(line, key, 'no message has this key')]
    const problem = textProblem(text, english, formatsOf(language).locale)
    return problem === undefined ? [] : [at(line, key, problem)]
  })
  const missing = [...reference.keys()]
    .filter(key => !entries.has(key))
    .map(key => at(1, key, 'is missing: it is said in English'))
  return [...faults.map(({ line, key, message }) => at(line, key, message)), ...own, ...missing]
}

function textProblem(text: string, english: string, locale: string): string | undefined {
  try {
    const wanted = wantedIn(english)
    const own = text === english ? wanted : placeholdersOf(text, locale)
    const lacks = [...wanted].filter(name => !own.has(name))
    const adds = [...own].filter(name => !wanted.has(name))
    if (lacks.length > 0) return `lacks {${lacks.join('} {')}}`
    return adds.length > 0 ? `has {${adds.join('} {')}}, which nothing fills in` : undefined
  } catch (error) {
    return `is no message: ${error instanceof Error ? error.message : 'fault'}`
  }
}

/** Compiled once, and not again for each language. */
const wantedIn = keep((english: string) => placeholdersOf(english, 'en'))

/** Of the parser: text between placeholders. */
const literal = 0
type Elements = ReturnType<IntlMessageFormat['getAst']>

function placeholdersOf(text: string, locale: string): ReadonlySet<string> {
  const names = new Set<string>()
  function visit(elements: Elements): void {
    for (const element of elements) {
      if (!('value' in element) || element.type === literal) continue
      names.add(element.value)
      if ('options' in element) for (const { value } of Object.values(element.options)) visit(value)
    }
  }
  visit(compile(text, locale).getAst())
  return names
}
