import { Command } from '@commander-js/extra-typings'
import { encryptText, isEncrypted } from '../../config/encryption/encrypted-text.ts'
import { messageOf } from '../../telemetry/message.ts'
import { boundToText, type SecretsDeps, surroundingsOf } from './surroundings.ts'

const examples = `
Examples:
  cartwatch secrets encrypt                                  asks for the secret; what you type is not shown
  pass show shop/slack | cartwatch secrets encrypt           reads it from another program
  cartwatch secrets encrypt --config staging.yaml            for another pipeline or environment

The text can be used only with the pipeline and environment of that configuration.`

const noArgument =
  'give the secret on standard input: an argument stays in the history of the shell and is shown to other users'

export const encryptSubcommand = (deps: SecretsDeps) =>
  new Command('encrypt')
    .description('read a secret from standard input and print it encrypted')
    .option('--config <file>', 'the configuration that will use it (default: cartwatch.yaml if it exists)')
    .addHelpText('after', examples)
    // The library would repeat in its error what may be the secret.
    .allowExcessArguments()
    .allowUnknownOption()
    .action(async ({ config }, { args }) => {
      const { print, complain, setExitCode, readSecret } = deps
      const refuse = (message: string) => {
        complain(message)
        setExitCode(1)
      }
      if (args.length > 0) return refuse(noArgument)
      const surroundings = surroundingsOf(config, deps)
      if (surroundings === undefined) return
      let secret: string
      try {
        secret = (await readSecret()).replace(/\r?\n$/, '')
      } catch (error) {
        return refuse(messageOf(error))
      }
      if (secret === '') return refuse('standard input is empty: give the secret there')
      if (isEncrypted(secret)) return refuse('this text begins with enc: and is encrypted already')
      const { keys, binding } = surroundings
      const [first] = keys
      if (first === undefined) return
      print(encryptText(secret, ...first, binding))
      complain(`note: encrypted with the key ${first[0]}, for ${boundToText(binding)} only`)
    })
