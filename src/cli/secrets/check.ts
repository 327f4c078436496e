import { Command } from '@commander-js/extra-typings'
import { receiverVariables } from '../../config/default-receivers.ts'
import { readDocument } from '../../config/document.ts'
import { decryptText, isEncrypted } from '../../config/encryption/encrypted-text.ts'
import { encryptedTextsIn } from '../../config/encryption/texts-in-file.ts'
import { formatErrors } from '../../config/errors.ts'
import type { LookUp } from '../../config/interpolate.ts'
import { defaultPath } from '../../config/load.ts'
import { knownVariables } from '../../config/variables.ts'
import { counted } from '../../time/texts.ts'
import { type SecretsDeps, surroundingsOf } from './surroundings.ts'

const examples = `
Examples:
  cartwatch secrets check                      cartwatch.yaml, and the variables that it uses
  cartwatch secrets check staging.yaml

Exit code: 0 if every encrypted text decrypts, 1 if one does not.`

export const checkSubcommand = (deps: SecretsDeps) =>
  new Command('check')
    .description('say which key each encrypted text needs, and which keys none of them needs')
    .argument('[file]', `the configuration (default: ${defaultPath} if it exists)`)
    .addHelpText('after', examples)
    .action(named => {
      const { env, print, complain, setExitCode } = deps
      const surroundings = surroundingsOf(named, deps)
      if (surroundings === undefined) return
      const { keys, binding, lookUp, source } = surroundings
      const file = named ?? defaultPath
      const { texts, errors } = encryptedTextsIn(source, file)
      if (errors.length > 0) {
        complain(formatErrors(errors))
        setExitCode(1)
        return
      }
      const all = [
        ...texts.map(({ place, path, text }) => ({ at: path ? `${place}: ${path}` : place, text })),
        ...textsOfVariables(variablesOf(source, file), env, lookUp)
      ]
      const needed = new Set<string>()
      let wrong = 0
      for (const { at, text } of all) {
        const decrypted = decryptText(text, keys, binding)
        if ('problem' in decrypted) {
          wrong += 1
          complain(`${at}: ${decrypted.problem}`)
          continue
        }
        needed.add(decrypted.keyId)
        print(`${at}: decrypts with the key ${decrypted.keyId}`)
      }
      const [first, ...others] = keys.keys()
      const spare = others.filter(id => !needed.has(id))
      if (wrong > 0) {
        complain(`${wrong} of ${counted(all.length, 'encrypted text')} cannot be read`)
        setExitCode(1)
      } else {
        print(`${counted(all.length, 'encrypted text')}, all of which decrypt; new ones get the key ${first}`)
        for (const id of spare) print(`the key ${id} is no longer needed here`)
      }
    })

/** The variables that may fill in the configuration. */
function variablesOf(source: string, file: string): readonly string[] {
  const { origins } = readDocument(source, file, () => () => ({ value: undefined }))
  const named = [...origins.values()].flatMap(({ variables }) => variables)
  return [...new Set([...knownVariables.map(({ name }) => name), ...receiverVariables, ...named])]
}

function textsOfVariables(names: readonly string[], env: SecretsDeps['env'], lookUp: LookUp) {
  return names.flatMap(name => {
    const variable = lookUp(name)
    if (!('value' in variable) || variable.value === undefined || !isEncrypted(variable.value)) return []
    const at = env[name]
      ? `environment variable ${name}`
      : `environment variable ${name}_FILE: ${env[`${name}_FILE`]}`
    return [{ at, text: variable.value }]
  })
}
