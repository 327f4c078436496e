import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openStore } from '../../src/store/open.ts'
import type { Store } from '../../src/store/types.ts'

export interface NewStore {
  readonly store: Store
  /** Closes the store and removes its folder. */
  readonly close: () => Promise<void>
}

/** The embedded engine in a folder of its own, with all tables and no row. */
export async function openNewStore(): Promise<NewStore> {
  const folder = await mkdtemp(join(tmpdir(), 'cartwatch-store-'))
  const store = await openStore({ folder, timeoutMs: 20_000 })
  await store.migrate()
  return {
    store,
    async close() {
      await store.close()
      await rm(folder, { recursive: true, force: true })
    }
  }
}
