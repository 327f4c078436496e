import type { Session } from 'chdb'
import { quoteIdentifier, quoteText } from '../quoting.ts'
import { engineRefusal, type Refusal, refusal } from './answers.ts'
import type { MayInsert } from './size-limit.ts'
import { readStatement } from './statement.ts'

export interface EngineRequest {
  readonly sql: string
  /** Data behind the statement, e.g. the rows of an INSERT; empty where there are none. */
  readonly body: string
  readonly format: string
  readonly database: string
  /** Settings by name, as a client sends them. */
  readonly settings: ReadonlyMap<string, string>
  /** Query parameters by name, unescaped. */
  readonly params: ReadonlyMap<string, string>
}

export type EngineAnswer = { readonly rows: Uint8Array } | { readonly refusal: Refusal }

export interface Engine {
  /** Runs one statement at a time, in order; skips one whose `wanted` says no when its turn comes. Never rejects. */
  run(request: EngineRequest, wanted: () => boolean): Promise<EngineAnswer>
  /** Resolves when nothing is under way. */
  idle(): Promise<void>
}

const nothing = new Uint8Array(0)

/**
 * One queue over a chdb session that behaves like a server: a statement's settings and database end with it,
 * several statements in one request are refused, and inserts where `mayInsert` says so. `broken` is called if a setting could not be reset: the
 * session must not be used any more.
 */
export function createEngine(
  session: Session,
  broken: () => void,
  mayInsert: MayInsert = async () => undefined
): Engine {
  let tail: Promise<unknown> = Promise.resolve()
  let currentDatabase = 'default'

  const execute = async (sql: string) => {
    await session.queryAsync(sql)
  }

  const useDatabase = async (database: string) => {
    if (database === currentDatabase) return
    await execute(`USE ${quoteIdentifier(database)}`)
    currentDatabase = database
  }

  const withSettings = async (settings: ReadonlyMap<string, string>, work: () => Promise<Uint8Array>) => {
    const changed: string[] = []
    try {
      for (const [name, value] of settings) {
        await execute(`SET ${name} = ${quoteText(value)}`)
        changed.push(name)
      }
      return await work()
    } finally {
      // A setting sticks to chdb's session: left behind, an insert token would make the next, different insert vanish.
      for (const name of changed) await execute(`SET ${name} = DEFAULT`).catch(broken)
    }
  }

  const answer = async (request: EngineRequest): Promise<EngineAnswer> => {
    const shape = readStatement(request.sql)
    if (shape.verb === '') return { refusal: refusal(62, 'SYNTAX_ERROR', 'Syntax error: empty query') }
    if (shape.several)
      return { refusal: refusal(62, 'SYNTAX_ERROR', 'Syntax error (Multi-statements are not allowed)') }
    const settings = new Map(request.settings)
    // As a setting of the session it could not be taken back.
    if (settings.get('readonly') === '2') {
      settings.delete('readonly')
      if (!shape.isReading)
        return { refusal: refusal(164, 'READONLY', 'Cannot execute query in readonly mode') }
    }
    for (const name of settings.keys()) {
      if (!/^\w+$/.test(name))
        return { refusal: refusal(115, 'UNKNOWN_SETTING', `Unknown setting '${name}'`) }
      if (name === 'readonly' || name === 'allow_ddl')
        return {
          refusal: refusal(36, 'BAD_ARGUMENTS', `The embedded engine does not take the setting '${name}'`)
        }
    }
    // Without a session of its own, what a client sets ends with its request.
    if (shape.verb === 'SET' || shape.verb === 'USE') return { rows: nothing }
    try {
      const refused = shape.verb === 'INSERT' ? await mayInsert() : undefined
      if (refused !== undefined) return { refusal: refused }
      await useDatabase(request.database)
      const sql = withData(request.sql, request.body, shape.insertFormat)
      const rows = await withSettings(settings, async () => {
        const options = { format: request.format }
        const result =
          request.params.size === 0
            ? await session.queryAsync(sql, options)
            : await session.queryBindAsync(sql, Object.fromEntries(request.params), options)
        return result.bytes()
      })
      return { rows }
    } catch (error) {
      return { refusal: engineRefusal(error) }
    }
  }

  return {
    run(request, wanted) {
      const turn = tail.then(() => (wanted() ? answer(request) : { rows: nothing }))
      tail = turn
      return turn
    },
    async idle() {
      await tail
    }
  }
}

/** The statement with its data. In line formats an empty line would end the data: it carries no row and is left out. */
function withData(sql: string, body: string, insertFormat: string | undefined): string {
  const text = body === '' ? sql : `${sql}\n${body}`
  return insertFormat?.startsWith('JSON') && insertFormat.endsWith('EACHROW')
    ? text.replaceAll(/\n(?:[ \t\r]*\n)+/g, '\n')
    : text
}
