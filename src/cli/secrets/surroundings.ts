import { readBinding } from '../../config/encryption/binding.ts'
import type { Binding } from '../../config/encryption/encrypted-text.ts'
import { type Keys, readKeyring } from '../../config/encryption/keyring.ts'
import { type Env, environment, type ReadFile, reason } from '../../config/environment.ts'
import { formatErrors } from '../../config/errors.ts'
import type { LookUp } from '../../config/interpolate.ts'
import { defaultPath } from '../../config/load.ts'
import type { CommandAudit } from '../command-audit.ts'
import type { Terminal } from '../terminal.ts'

export interface SecretsDeps extends Omit<Terminal, 'columns'> {
  readonly env: Env
  readonly readFile: ReadFile
  /** The secret that is typed or piped in. */
  readonly readSecret: () => Promise<string>
  /** Puts a text in place of a file at once, or throws and leaves the file as it was. */
  readonly replaceFile: (path: string, text: string) => void
  readonly audit: CommandAudit['inConfigured']
}

/** What encrypted texts are read with. */
interface Surroundings {
  readonly keys: Keys
  readonly binding: Binding
  readonly lookUp: LookUp
  /** Of the configuration; empty where there is none. */
  readonly source: string
}

const noKey =
  'no key is set: put one into CARTWATCH_ENCRYPTION_KEYS; `cartwatch secrets keygen` prints a new one'

/** Keys and binding, by the configuration that is named or there. Undefined if an error has been printed. */
export function surroundingsOf(config: string | undefined, deps: SecretsDeps): Surroundings | undefined {
  const { env, readFile, complain, setExitCode } = deps
  const { lookUp } = environment(env, readFile)
  const refuse = (message: string) => {
    complain(message)
    setExitCode(1)
    return undefined
  }
  const keyring = readKeyring(lookUp)
  if (keyring.keys === null) return refuse(`environment variable ${keyring.variable}: ${keyring.problem}`)
  if (keyring.keys.size === 0) return refuse(noKey)
  const file = config ?? defaultPath
  let source = ''
  try {
    source = readFile(file)
  } catch (cause) {
    if (config !== undefined || reason(cause) !== 'ENOENT')
      return refuse(`${file}: can't be read (${reason(cause)})`)
  }
  const { binding, errors } = readBinding(source, file, lookUp)
  return errors.length > 0 ? refuse(formatErrors(errors)) : { keys: keyring.keys, binding, lookUp, source }
}

export const boundToText = ({ pipeline, environment: name }: Binding): string =>
  `pipeline ${pipeline} and ${name === '' ? 'no environment' : `environment ${name}`}`
