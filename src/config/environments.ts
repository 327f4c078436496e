import { z } from 'zod'

/** What `environment` may be. */
export const environments = ['dev', 'staging', 'prod'] as const

export const environmentSchema = z.enum(environments).optional()

/** The label that the environment is; one that `labels` sets comes before it. */
export const environmentLabel = (environment: string | undefined): Readonly<Record<string, string>> =>
  environment === undefined ? {} : { environment }
