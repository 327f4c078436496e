import { Command } from '@commander-js/extra-typings'
import { newKeyLine } from '../../config/encryption/keyring.ts'
import { overview } from '../overview.ts'
import { checkSubcommand } from './check.ts'
import { encryptSubcommand } from './encrypt.ts'
import { rotateSubcommand } from './rotate.ts'
import type { SecretsDeps } from './surroundings.ts'

const keygenExamples = `
Examples:
  cartwatch secrets keygen
  export CARTWATCH_ENCRYPTION_KEYS=NEW,OLD     the first key encrypts, all of them decrypt`

export const secretsCommand = (deps: SecretsDeps) =>
  new Command('secrets')
    .description(overview.secrets.summary)
    .addCommand(
      new Command('keygen')
        .description('print a new key for CARTWATCH_ENCRYPTION_KEYS')
        .addHelpText('after', keygenExamples)
        .action(() => deps.print(newKeyLine()))
    )
    .addCommand(encryptSubcommand(deps))
    .addCommand(rotateSubcommand(deps))
    .addCommand(checkSubcommand(deps))
