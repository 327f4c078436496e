import { Command } from '@commander-js/extra-typings'
import { type OpenStore, onStore, withStore } from './with-store.ts'

const examples = `
Examples:
  cartwatch migrate
  CLICKHOUSE_URL=http://clickhouse:8123 cartwatch migrate

\`cartwatch run\` does this when it starts. A database that a newer version has migrated is refused.`

export function migrateCommand(open: OpenStore) {
  const command = new Command('migrate').description(
    'create the tables in the configured store, or bring them up to date'
  )
  return onStore(command, examples).action(options =>
    withStore(open, options, async store => {
      const applied = await store.migrate()
      process.stdout.write(
        applied.length === 0
          ? 'The tables are up to date.\n'
          : applied.map(name => `applied ${name}\n`).join('')
      )
    })
  )
}
