import type { Env } from '../../src/config/environment.ts'
import { formatErrors } from '../../src/config/errors.ts'
import { loadConfig } from '../../src/config/load.ts'
import type { Config } from '../../src/config/schema.ts'

/** A configuration out of the text of its file, which is called `c.yaml`. */
export const loadText = (source: string, env: Env = {}) =>
  loadConfig({ path: 'c.yaml', env, readFile: () => source })

export function configOf(source: string, env?: Env): Config {
  const loaded = loadText(source, env)
  if (!loaded.ok) throw new Error(formatErrors(loaded.errors))
  return loaded.config
}

/** Its mistakes, a line each. */
export function errorsIn(source: string, env?: Env): string[] {
  const loaded = loadText(source, env)
  return loaded.ok ? [] : formatErrors(loaded.errors).split('\n')
}
