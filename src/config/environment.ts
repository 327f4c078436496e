import type { LookUp } from './interpolate.ts'
import { isSecretVariable } from './secrets.ts'

export type Env = Readonly<Record<string, string | undefined>>
/** Reads a whole text file; throws where it can't. */
export type ReadFile = (path: string) => string

/** The environment as the configuration sees it: NAME, or the file that NAME_FILE names, without its last newline. */
export function environment(env: Env, readFile: ReadFile) {
  /** The values of secret variables read so far, to be kept out of everything shown. */
  const secrets = new Set<string>()
  /** The files read so far that `NAME_FILE` names, with what was in them. */
  const files = new Map<string, string>()
  const lookUp: LookUp = name => {
    const direct = env[name] || undefined
    const file = env[`${name}_FILE`] || undefined
    if (direct !== undefined && file !== undefined) {
      return { problem: `both ${name} and ${name}_FILE are set; keep one of them` }
    }
    try {
      const value = file === undefined ? direct : read(file).replace(/\r?\n$/, '') || undefined
      if (value !== undefined && (file !== undefined || isSecretVariable(name))) secrets.add(value)
      return { value }
    } catch (cause) {
      return { problem: `${name}_FILE names ${file}, which can't be read (${reason(cause)})` }
    }
  }
  function read(file: string): string {
    const text = readFile(file)
    files.set(file, text)
    return text
  }
  return { lookUp, secrets, files }
}

/** The system's word for why a file can't be read, e.g. ENOENT. */
export function reason(cause: unknown): string {
  return cause instanceof Error && 'code' in cause ? String(cause.code) : 'unreadable'
}
