import { type Connection, connect, type Statement } from './clickhouse.ts'
import type { Endpoint } from './embedded/endpoint.ts'
import { openEmbedded } from './embedded/open.ts'
import { StoreError } from './errors.ts'
import type { Connector } from './requests.ts'

/** Connections to one server, made once. `isDirect`: on this machine, past any proxy. */
export function serverConnector(endpoint: Endpoint, database: string, isDirect = false): Connector {
  const bare = connect({ ...endpoint, isDirect })
  const full = connect({ ...endpoint, database, isDirect })
  return {
    connect: async wantsBare => (wantsBare ? bare : full),
    close: async () => {
      await Promise.all([bare.close(), full.close()])
    }
  }
}

/**
 * Connections to the engine of a folder. If the engine is gone, it is started again, or the one that another process
 * started is used. A refused call is repeated at once; a call that broke off is UNREACHABLE.
 */
export function embeddedConnector(folder: string, database: string, open = openEmbedded): Connector {
  interface Opened {
    readonly server: Connector
    readonly alive: () => boolean
    readonly close: () => Promise<void>
  }
  let opening: Promise<Opened> | undefined
  let closed = false

  const start = async (): Promise<Opened> => {
    const embedded = await open(folder)
    const server = serverConnector(embedded, database, true)
    const close = async () => {
      await server.close()
      await embedded.close()
    }
    return { server, alive: embedded.alive, close }
  }

  const current = async (): Promise<Opened> => {
    for (;;) {
      if (closed) throw new StoreError('UNREACHABLE', 'The store is closed', { retryable: false })
      opening ??= start()
      const mine = opening
      const forget = () => {
        if (opening === mine) opening = undefined
      }
      const opened = await mine.catch((error: unknown) => {
        forget()
        throw error
      })
      if (opened.alive()) return opened
      forget()
      await opened.close()
    }
  }

  const call = async <T>(bare: boolean, work: (connection: Connection) => Promise<T>): Promise<T> => {
    for (let last = false; ; last = true) {
      const opened = await current()
      try {
        return await work(await opened.server.connect(bare))
      } catch (error) {
        if (!(error instanceof StoreError) || error.code !== 'UNREACHABLE') throw error
        if ((await opening?.catch(() => undefined)) === opened) opening = undefined
        await opened.close()
        // Refused: it never saw the statement.
        if (last || !refused(error)) throw error
      }
    }
  }

  const connectionOf = (bare: boolean): Connection => ({
    run: (statement: Statement) => call(bare, connection => connection.run(statement)),
    stream: (statement: Statement) => call(bare, connection => connection.stream(statement)),
    close: async () => {}
  })

  return {
    async connect(bare) {
      await current()
      return connectionOf(bare)
    },
    async close() {
      closed = true
      const opened = await opening?.catch(() => undefined)
      await opened?.close()
    }
  }
}

function refused({ cause }: StoreError): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === 'ECONNREFUSED'
}
