/**
 * What a terminal obeys or a reader cannot see: control characters, those that turn the direction of writing, blanks
 * without width, tags and halves of pairs. The joiners of scripts and of emoji (U+200C, U+200D) stay.
 */
const unseen =
  /[\p{Cc}\p{Cs}\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu

/** Text from outside on one line: what would act or hide stands there as its escape, such as `\u001b`. */
export const visible = (text: string): string => text.replace(unseen, escapeOf)

/** The same of several lines, whose ends and tabs stay. */
export const visibleLines = (text: string): string =>
  text.replace(unseen, character =>
    character === '\n' || character === '\t' ? character : escapeOf(character)
  )

/** The same within JSON that is serialized already, where the escape means the character itself. */
export const visibleJson = (json: string): string =>
  json.replace(unseen, character =>
    character === '\n'
      ? character
      : [...Array(character.length).keys()].map(at => unitEscape(character.charCodeAt(at))).join('')
  )

const escapeOf = (character: string): string => {
  const point = character.codePointAt(0) as number
  return point > 0xffff ? `\\u{${point.toString(16)}}` : unitEscape(point)
}

const unitEscape = (unit: number): string => `\\u${unit.toString(16).padStart(4, '0')}`
