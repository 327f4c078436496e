import { z } from 'zod'
import { expectedOf } from '../../telemetry/expected.ts'
import { readDocument } from '../document.ts'
import { environmentSchema } from '../environments.ts'
import type { ConfigError } from '../errors.ts'
import type { LookUp } from '../interpolate.ts'
import { configErrors } from '../issues.ts'
import { pipelineName } from '../schema-parts.ts'
import type { Binding } from './encrypted-text.ts'

const boundSchema = z.object({ pipeline: pipelineName, environment: environmentSchema })

export interface BindingRead {
  readonly binding: Binding
  /** What is wrong with the two names, or with the file as a whole. */
  readonly errors: readonly ConfigError[]
}

/** What the encrypted texts of a configuration are bound to; the rest of the file may be wrong. */
export function readBinding(source: string, file: string, lookUp: LookUp): BindingRead {
  const settings = readDocument(source, file, () => lookUp)
  const { value, readable, errors } = settings
  const { data, error } = boundSchema.safeParse(value, { error: expectedOf })
  const { pipeline = '', environment = '' } = data ?? {}
  const own = errors.filter(({ path }) => !readable || path === 'pipeline' || path === 'environment')
  return {
    binding: { pipeline, environment },
    errors: [...own, ...(readable ? configErrors(error?.issues ?? [], settings, file) : [])]
  }
}
