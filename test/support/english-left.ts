import { catalogueOf } from '../../src/language/catalogue.ts'
import { compile } from '../../src/language/translator.ts'

type Elements = ReturnType<ReturnType<typeof compile>['getAst']>

/** The texts between a message's placeholders. */
function literalsOf(text: string): readonly string[] {
  const found: string[] = []
  function visit(elements: Elements): void {
    for (const element of elements) {
      if (element.type === 0) found.push(String(element.value))
      if ('options' in element) for (const { value } of Object.values(element.options)) visit(value)
    }
  }
  visit(compile(text, 'en').getAst())
  return found
    .flatMap(literal => literal.split(/(?<=[.:;?!]) /))
    .map(one => one.replace(/^[^\p{L}]+|[^\p{L}]+$/gu, ''))
}

const frenchText = [...catalogueOf('fr').entries.values()].map(({ text }) => text).join('\n')

/** Pieces of the English texts that no French one has: two words at least, or one that is long. */
const english: ReadonlySet<string> = new Set(
  [...catalogueOf('en').entries]
    .filter(([key, { text }]) => catalogueOf('fr').entries.get(key)?.text !== text)
    .flatMap(([, { text }]) => literalsOf(text))
    .filter(piece => (piece.includes(' ') || piece.length >= 5) && !frenchText.includes(piece))
)

const isLetter = (character: string | undefined) => character !== undefined && /[\p{L}_]/u.test(character)

/** What of the English catalogue a text still has. */
export function englishIn(text: string): readonly string[] {
  return [...english].filter(piece => {
    for (let at = text.indexOf(piece); at >= 0; at = text.indexOf(piece, at + 1))
      if (!isLetter(text[at - 1]) && !isLetter(text[at + piece.length])) return true
    return false
  })
}
