import type { AuditSink } from '../../audit/instance-audit.ts'
import type { Source } from '../../source/types.ts'
import type { Store } from '../../store/types.ts'

type Audit = Pick<AuditSink, 'record'>

/** The store, whose migrations are noted. `onTried`: they were tried for the first time; until then there may be no table. */
export function withMigrationsNoted(store: Store, audit: Audit, onTried: () => void): Store {
  let isTried = false
  return {
    ...store,
    async migrate() {
      try {
        const applied = await store.migrate()
        if (applied.length > 0) audit.record({ action: 'migrated', details: { applied } })
        return applied
      } finally {
        if (!isTried) onTried()
        isTried = true
      }
    }
  }
}

/** The source, of which it is noted when this instance becomes the active one, and when it no longer is. */
export function withTakeoversNoted(source: Source, audit: Audit): Source {
  let isActive = false
  return {
    ...source,
    run: handlers =>
      source.run({
        ...handlers,
        async onAssigned(from) {
          await handlers.onAssigned(from)
          if (!isActive) audit.record({ action: 'took_over', details: { partitions: from.size } })
          isActive = true
        },
        onRevoked() {
          if (isActive) audit.record({ action: 'handed_over' })
          isActive = false
          handlers.onRevoked()
        }
      })
  }
}
