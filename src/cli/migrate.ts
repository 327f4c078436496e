import { Command } from '@commander-js/extra-typings'
import type { CommandAudit } from './command-audit.ts'
import { overview } from './overview.ts'
import { type OpenStore, onStore, type StoreChoice, withStore } from './with-store.ts'

const examples = `
Examples:
  cartwatch migrate
  CLICKHOUSE_URL=http://clickhouse:8123 cartwatch migrate

\`cartwatch run\` does this when it starts. A database that a newer version has migrated is refused.`

export interface MigrateDeps {
  readonly open: OpenStore
  /** The pipeline of the configuration. */
  readonly pipeline: (options: StoreChoice) => string
  readonly audit: CommandAudit['inStore']
}

export function migrateCommand({ open, pipeline, audit }: MigrateDeps) {
  const command = new Command('migrate').description(overview.migrate.summary)
  return onStore(command, examples).action(options =>
    withStore(open, options, async store => {
      const applied = await store.migrate()
      process.stdout.write(
        applied.length === 0
          ? 'The tables are up to date.\n'
          : applied.map(name => `applied ${name}\n`).join('')
      )
      if (applied.length > 0)
        await audit(store, pipeline(options), { action: 'migrated', details: { applied } })
    })
  )
}
