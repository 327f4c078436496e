import type { Plan } from './tenant-files.ts'

/** What `check-config --tenants` says: a line for each tenant, and what is wrong. */
export interface TenantsReport {
  readonly isValid: boolean
  readonly lines: readonly string[]
  readonly problems: readonly string[]
}

export function tenantsReport({ tenants, refused, warnings }: Plan): TenantsReport {
  return {
    isValid: refused.length === 0,
    lines: tenants.map(
      ({ configPath, loaded: { config } }) =>
        `${configPath}: OK (pipeline ${config.pipeline}, group ${config.kafka.group}, store ${
          config.store.url === undefined ? config.store.folder : config.store.database
        }, port ${config.http.port === 0 ? 'any' : config.http.port})`
    ),
    problems: [
      ...warnings.map(warning => `note: ${warning}`),
      ...tenants.flatMap(({ configPath, loaded }) =>
        loaded.warnings.map(warning => `note: ${configPath}: ${warning}`)
      ),
      ...refused.map(({ message }) => message)
    ]
  }
}
