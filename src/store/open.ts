import { embeddedConnector, serverConnector } from './connector.ts'
import { StoreError } from './errors.ts'
import type { StoreReason } from './reasons.ts'
import { createStore } from './store.ts'
import type { Retention, Store } from './types.ts'

export interface OpenStoreOptions {
  /** A server, `http://…` or `https://…`; without it the embedded engine serves `folder`. */
  readonly url?: string
  readonly user?: string
  readonly password?: string
  readonly database?: string
  /** Where the embedded engine keeps its data. */
  readonly folder: string
  readonly timeoutMs: number
  readonly retention?: Retention
  readonly onFailure?: (reason: StoreReason) => void
  /** Resolves once a row may be written; an insert that it rejects fails with that. */
  readonly mayInsert?: () => Promise<void>
}

/** Opens the configured store; nothing is asked of a server yet. */
export async function openStore(options: OpenStoreOptions): Promise<Store> {
  const {
    url,
    user,
    password,
    folder,
    timeoutMs,
    retention,
    onFailure,
    mayInsert,
    database = 'realtime'
  } = options
  const connector =
    url === undefined
      ? embeddedConnector(folder, database)
      : serverConnector(endpointOf(url, user, password), database)
  if (url === undefined) await connector.connect(true)
  return createStore({
    connector,
    database,
    timeoutMs,
    ...(retention === undefined ? {} : { retention }),
    ...(onFailure === undefined ? {} : { onFailure }),
    ...(mayInsert === undefined ? {} : { mayInsert })
  })
}

/** Credentials may stand in the address; they never stay there, for addresses are shown. */
function endpointOf(address: string, user: string | undefined, password: string | undefined) {
  const url = URL.parse(address)
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new StoreError('UNREACHABLE', 'The address of ClickHouse must be like http://localhost:8123', {
      retryable: false
    })
  return {
    url: `${url.origin}${url.pathname.replace(/\/$/, '')}`,
    user: user ?? (decodeURIComponent(url.username) || 'default'),
    password: password ?? decodeURIComponent(url.password)
  }
}
