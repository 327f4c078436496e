import { embeddedConnector, serverConnector } from './connector.ts'
import { damageOf } from './embedded/damage.ts'
import type { Endpoint } from './embedded/endpoint.ts'
import { type OnNote, openEmbedded } from './embedded/open.ts'
import { StoreError } from './errors.ts'
import { createStore, type StoreOptions } from './store.ts'
import type { Store } from './types.ts'

export interface OpenStoreOptions
  extends Partial<Endpoint>,
    Omit<StoreOptions, 'connector' | 'queryTimeoutMs' | 'migrationsFolder'> {
  /** Where the embedded engine keeps its data; it serves where there is no `url`. */
  readonly folder: string
  /** In bytes: what the embedded engine may keep. */
  readonly maxSize?: number
  /** Takes what the user should know of the folder. */
  readonly onNote?: OnNote
}

/** Opens the configured store; nothing is asked of a server yet. */
export async function openStore(options: OpenStoreOptions): Promise<Store> {
  const { url, user, password, folder, onNote, maxSize, database = 'realtime', ...rest } = options
  const connector =
    url === undefined
      ? embeddedConnector(folder, database, of => openEmbedded(of, { onNote, maxBytes: maxSize }))
      : serverConnector(endpointOf(url, user, password), database)
  if (url === undefined) {
    const engine = await connector.connect(true)
    const damage = await damageOf(engine, folder)
    if (damage !== undefined) onNote?.(damage)
  }
  return createStore({ ...rest, connector, database })
}

/** Credentials may stand in the address; they never stay there, for addresses are shown. */
function endpointOf(address: string, user: string | undefined, password: string | undefined) {
  const url = URL.parse(address)
  const expected = 'The address of ClickHouse must be like http://localhost:8123'
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new StoreError('UNREACHABLE', expected, { retryable: false })
  return {
    url: `${url.origin}${url.pathname.replace(/\/$/, '')}`,
    user: user ?? (decodeURIComponent(url.username) || 'default'),
    password: password ?? decodeURIComponent(url.password)
  }
}
