import { type Connection, connect, type Statement } from './clickhouse.ts'
import type { Endpoint } from './embedded/endpoint.ts'
import { openEmbedded } from './embedded/open.ts'
import { StoreError } from './errors.ts'
import type { Connector } from './store.ts'

/** Connections to one server, made once. */
export function serverConnector(endpoint: Endpoint, database: string): Connector {
  const bare = connect(endpoint)
  const full = connect({ ...endpoint, database })
  return {
    connect: async wantsBare => (wantsBare ? bare : full),
    close: async () => {
      await Promise.all([bare.close(), full.close()])
    }
  }
}

/**
 * Connections to the engine of a folder. When it cannot be reached any more, that call is refused as UNREACHABLE and
 * the next one starts the engine again, or finds the one that another process started.
 */
export function embeddedConnector(folder: string, database: string, open = openEmbedded): Connector {
  interface Opened {
    readonly bare: Connection
    readonly full: Connection
    readonly alive: () => boolean
    readonly close: () => Promise<void>
  }
  let opened: Promise<Opened> | undefined
  let closed = false

  const start = async (): Promise<Opened> => {
    const embedded = await open(folder)
    const server = serverConnector(embedded, database)
    return {
      bare: watch(await server.connect(true)),
      full: watch(await server.connect(false)),
      alive: embedded.alive,
      close: async () => {
        await server.close()
        await embedded.close()
      }
    }
  }

  const forget = async () => {
    const gone = opened
    opened = undefined
    await (await gone?.catch(() => undefined))?.close()
  }

  /** Forgets an engine that a call could not reach. */
  const watch = (connection: Connection): Connection => {
    const noticed = <T>(call: Promise<T>) =>
      call.catch(async (error: unknown) => {
        if (error instanceof StoreError && error.code === 'UNREACHABLE') await forget()
        throw error
      })
    return {
      run: (statement: Statement) => noticed(connection.run(statement)),
      stream: (statement: Statement) => noticed(connection.stream(statement)),
      close: connection.close
    }
  }

  const current = async (): Promise<Opened> => {
    if (closed) throw new StoreError('UNREACHABLE', 'The store is closed', { retryable: false })
    opened ??= start()
    const starting = opened
    try {
      const found = await starting
      if (found.alive()) return found
    } catch (error) {
      if (opened === starting) opened = undefined
      throw error
    }
    if (opened === starting) await forget()
    return current()
  }

  return {
    connect: async wantsBare => {
      const { bare, full } = await current()
      return wantsBare ? bare : full
    },
    async close() {
      closed = true
      await forget()
    }
  }
}
