import type { Settings } from '../document.ts'
import { eachLeaf } from '../effective.ts'
import { errorAt, pathText } from '../errors.ts'
import type { LookUp } from '../interpolate.ts'
import { isSecretVariable, maskingOf } from '../secrets.ts'
import { putAt } from '../unneeded.ts'
import { type Binding, type Decrypted, decryptText, isEncrypted } from './encrypted-text.ts'
import type { Keyring } from './keyring.ts'

type Path = readonly PropertyKey[]

export interface DecryptionOptions {
  readonly keyring: Keyring
  /** Asked for the first encrypted text. */
  readonly bindingOf: () => Binding
  /** What was decrypted is added. */
  readonly secrets: Set<string>
}

/** What is decrypted stands where secrets stand: only there it is masked in all that is shown. */
const misplaced = 'is encrypted, and no secret belongs here: it would be shown; write it in plain text'

/** Decrypts the texts of one configuration and of its variables. */
export function createDecryption({ keyring, bindingOf, secrets }: DecryptionOptions) {
  let binding: Binding | undefined

  function decrypt(text: string): Decrypted {
    if (keyring.keys === null)
      return { problem: `is encrypted, and ${keyring.variable} is wrong: ${keyring.problem}` }
    binding ??= bindingOf()
    const decrypted = decryptText(text, keyring.keys, binding)
    if ('value' in decrypted) secrets.add(decrypted.value)
    return decrypted
  }

  return {
    /** The variables at a path, decrypted. */
    lookUpAt:
      (lookUp: LookUp) =>
      (path: Path): LookUp =>
      name => {
        const variable = lookUp(name)
        if (!('value' in variable) || variable.value === undefined || !isEncrypted(variable.value))
          return variable
        const isSecret = isSecretVariable(name) || maskingOf(path) !== 'open'
        const decrypted = isSecret ? decrypt(variable.value) : { problem: misplaced }
        return 'problem' in decrypted
          ? { problem: `${name} ${decrypted.problem}` }
          : { value: decrypted.value }
      },
    /** Puts plain texts in place of the encrypted ones of the file. One that cannot be had and is not used stays open. */
    replaceIn({ value, origins, errors, open }: Settings, isUsed: (path: Path) => boolean): void {
      eachLeaf(value, (leaf, path) => {
        if (typeof leaf !== 'string' || !isEncrypted(leaf)) return
        const at = pathText(path)
        const origin = origins.get(at)
        const isSecret = maskingOf(path) !== 'open'
        const decrypted = isSecret ? decrypt(leaf) : { problem: misplaced }
        if ('problem' in decrypted) {
          if (origin && (!isSecret || isUsed(path)))
            errors.push(errorAt(origin, path, decrypted.problem, 'unreadable-secret'))
          open.push(path)
          return
        }
        putAt(value, path, decrypted.value)
        if (origin) origins.set(at, { ...origin, isEncrypted: true })
      })
    }
  }
}
