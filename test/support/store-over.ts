import type { Statement } from '../../src/store/clickhouse.ts'
import { createStore } from '../../src/store/store.ts'
import type { Store } from '../../src/store/types.ts'

/** A store whose every request is answered by `run`. */
export function storeOver(run: (statement: Statement) => Promise<string>, mayInsert = async () => {}): Store {
  const stream = () => Promise.reject(new Error('no stream'))
  const connection = { run, stream, close: async () => {} }
  const connector = { connect: async () => connection, close: async () => {} }
  return createStore({ connector, timeoutMs: 1_000, mayInsert })
}
