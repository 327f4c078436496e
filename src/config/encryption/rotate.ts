import { type ConfigError, errorAt } from '../errors.ts'
import { type Binding, decryptText, encryptText } from './encrypted-text.ts'
import type { Keys } from './keyring.ts'
import { encryptedTextsIn } from './texts-in-file.ts'

export type Rotated =
  | { readonly kind: 'rotated'; readonly source: string; readonly count: number }
  | { readonly kind: 'refused'; readonly errors: readonly ConfigError[] }

/** The file with each encrypted text encrypted anew with the first key; everything else stays as it is. All texts or none. */
export function rotateTexts(source: string, file: string, keys: Keys, binding: Binding): Rotated {
  const { texts, errors: unreadable } = encryptedTextsIn(source, file)
  const errors = [...unreadable]
  const [first] = keys
  let rotated = ''
  let copiedTo = 0
  for (const { place, path, text, offset } of texts) {
    const decrypted = decryptText(text, keys, binding)
    if ('problem' in decrypted)
      errors.push(errorAt({ place }, [path], decrypted.problem, 'unreadable-secret'))
    else if (offset === undefined)
      errors.push(
        errorAt(
          { place },
          [path],
          'is written with escapes or over several lines; write it on one line',
          'unreadable-secret'
        )
      )
    else if (first) {
      rotated += source.slice(copiedTo, offset) + encryptText(decrypted.value, ...first, binding)
      copiedTo = offset + text.length
    }
  }
  if (errors.length > 0) return { kind: 'refused', errors }
  return { kind: 'rotated', source: rotated + source.slice(copiedTo), count: texts.length }
}
