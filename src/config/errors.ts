import type { RuleId } from './rules/rules.ts'

/** One error in the configuration, for the person who made it. Contains no secret. */
export interface ConfigError {
  /** `cartwatch.yaml:12:3`, `cartwatch.yaml`, or `environment variable NAME`. */
  readonly place: string
  /** Counted from 1; absent if the error is not in a line of the file. */
  readonly line?: number
  readonly column?: number
  /** Where in the configuration, e.g. `kafka.session_timeout`; empty for the whole file. */
  readonly path: string
  /** What is there and what would be right. */
  readonly message: string
  readonly rule: RuleId
}

/** An error that only shows outside the schema of its section. */
export interface CrossIssue {
  readonly path: readonly (string | number)[]
  readonly message: string
  readonly rule?: RuleId
}

/** The error at a place; `origin` is where the value or its key comes from. */
export function errorAt(
  { place, line, column }: Pick<ConfigError, 'place' | 'line' | 'column'>,
  path: readonly PropertyKey[],
  message: string,
  rule: RuleId
): ConfigError {
  return { place, ...(line && { line }), ...(column && { column }), path: pathText(path), message, rule }
}

/** One line an error, in the order of the file. */
export function formatErrors(errors: readonly ConfigError[]): string {
  return errors.map(({ place, path, message }) => `${place}: ${path ? `${path}: ` : ''}${message}`).join('\n')
}

/** Writes a path as people do: `routes[2].receivers`. */
export function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((step, index) =>
      typeof step === 'number' ? `[${step}]` : index ? `.${String(step)}` : String(step)
    )
    .join('')
}
