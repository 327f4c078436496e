import { Command } from '@commander-js/extra-typings'
import { rotateTexts } from '../../config/encryption/rotate.ts'
import { reason } from '../../config/environment.ts'
import { formatErrors } from '../../config/errors.ts'
import { counted } from '../../time/texts.ts'
import { type SecretsDeps, surroundingsOf } from './surroundings.ts'

const examples = `
Examples:
  cartwatch secrets rotate cartwatch.yaml
  cartwatch secrets rotate secrets/slack --config cartwatch.yaml     a file that holds one text, or other YAML

Put the new key first in CARTWATCH_ENCRYPTION_KEYS and leave the old one behind it. Comments and layout stay. Unless
every text can be encrypted anew, nothing is written, and the exit code is 1. The audit log of the store has a row of it; where
the store cannot be reached, a line on standard error says so.`

export const rotateSubcommand = (deps: SecretsDeps) =>
  new Command('rotate')
    .description('encrypt the texts of a file anew, with the first key')
    .argument('<file>', 'a configuration, or any YAML')
    .option('--config <file>', 'the configuration that uses the file (default: the file is one)')
    .addHelpText('after', examples)
    .action(async (file, { config = file }) => {
      const { print, complain, setExitCode, readFile, replaceFile, audit } = deps
      const surroundings = surroundingsOf(config, deps)
      if (surroundings === undefined) return
      const refuse = (message: string) => {
        complain(message)
        setExitCode(1)
      }
      const { keys, binding } = surroundings
      const [keyId = ''] = keys.keys()
      let count = 0
      try {
        const source = readFile(file)
        const rotated = rotateTexts(source, file, keys, binding)
        if (rotated.kind === 'refused')
          return refuse(
            `${formatErrors(rotated.errors)}\n${file}: unchanged: ${counted(rotated.errors.length, 'error')}`
          )
        if (rotated.count > 0) replaceFile(file, rotated.source)
        print(`${file}: ${counted(rotated.count, 'text')} encrypted anew with the key ${keyId}`)
        count = rotated.count
      } catch (cause) {
        refuse(`${file}: can't be read or written (${reason(cause)}); it is unchanged`)
      }
      if (count > 0)
        await audit(config, {
          action: 'secrets_rotated',
          subject: file,
          details: { texts: count, key: keyId }
        })
    })
