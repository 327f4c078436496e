import type { Session } from 'chdb'
import { expect, test } from 'vitest'
import { createEngine, type EngineRequest } from '../../../../src/store/embedded/engine.ts'

interface Fake {
  readonly session: Session
  readonly log: string[]
}

function fakeSession(answer: (sql: string) => Promise<string> = async () => ''): Fake {
  const log: string[] = []
  const run = async (sql: string) => {
    log.push(sql)
    const text = await answer(sql)
    return { bytes: () => Buffer.from(text) }
  }
  const session = {
    queryAsync: run,
    queryBindAsync: (sql: string, params: object) => run(`${sql} ${JSON.stringify(params)}`)
  }
  return { session: session as unknown as Session, log }
}

const request = (sql: string, rest: Partial<EngineRequest> = {}): EngineRequest => ({
  sql,
  body: '',
  format: 'TabSeparated',
  database: 'default',
  settings: new Map(),
  params: new Map(),
  ...rest
})

const always = () => true
const neverBroken = () => {
  throw new Error('broken')
}

test('a setting is taken back behind its statement, also behind one that fails', async () => {
  const { session, log } = fakeSession(async sql => {
    if (sql === 'SELECT bad') throw new Error('Code: 47. DB::Exception: Unknown (UNKNOWN_IDENTIFIER)')
    return ''
  })
  const engine = createEngine(session, neverBroken)
  const settings = new Map([['insert_deduplication_token', "it's\\"]])
  const answer = await engine.run(request('SELECT bad', { settings }), always)
  expect(log).toEqual([
    "SET insert_deduplication_token = 'it\\'s\\\\'",
    'SELECT bad',
    'SET insert_deduplication_token = DEFAULT'
  ])
  expect(answer).toEqual({
    refusal: {
      status: 404,
      code: 47,
      body: 'Code: 47. DB::Exception: Unknown (UNKNOWN_IDENTIFIER)\n'
    }
  })
})

test('a session that keeps a setting is broken', async () => {
  const { session } = fakeSession(async sql => {
    if (sql.endsWith('DEFAULT')) throw new Error('no')
    return ''
  })
  let broken = 0
  const engine = createEngine(session, () => {
    broken += 1
  })
  await engine.run(request('SELECT 1', { settings: new Map([['final', '1']]) }), always)
  expect(broken).toBe(1)
})

test.each([
  ['final = 1; DROP TABLE t; SET x', 115],
  ['readonly', 36]
])('the setting %j is refused', async (name, code) => {
  const { session, log } = fakeSession()
  const answer = await createEngine(session, neverBroken).run(
    request('SELECT 1', { settings: new Map([[name, '1']]) }),
    always
  )
  expect(answer).toMatchObject({ refusal: { code } })
  expect(log).toEqual([])
})

test('SET and USE do nothing, for no session lasts beyond a request', async () => {
  const { session, log } = fakeSession()
  const engine = createEngine(session, neverBroken)
  expect(await engine.run(request('set max_threads = 1'), always)).toEqual({ rows: new Uint8Array(0) })
  expect(await engine.run(request('USE system'), always)).toEqual({ rows: new Uint8Array(0) })
  expect(log).toEqual([])
})

test('the database is changed only where it is another', async () => {
  const { session, log } = fakeSession()
  const engine = createEngine(session, neverBroken)
  for (const database of ['default', 'real`time', 'real`time', 'default'])
    await engine.run(request('SELECT 1', { database }), always)
  expect(log).toEqual(['SELECT 1', 'USE `real\\`time`', 'SELECT 1', 'SELECT 1', 'USE default', 'SELECT 1'])
})

test('statements run one after another, and one that nobody waits for any more not at all', async () => {
  let release = () => {}
  const held = new Promise<void>(resolve => {
    release = resolve
  })
  const { session, log } = fakeSession(async sql => {
    if (sql === 'SELECT 1') await held
    return ''
  })
  const engine = createEngine(session, neverBroken)
  const first = engine.run(request('SELECT 1'), always)
  const second = engine.run(request('SELECT 2'), () => false)
  const third = engine.run(request('SELECT 3', { params: new Map([['x', 'y']]) }), always)
  await Promise.resolve()
  release()
  await Promise.all([first, second, third, engine.idle()])
  expect(log).toEqual(['SELECT 1', 'SELECT 3 {"x":"y"}'])
})

test('empty lines between the rows of an insert are left out, for the engine would end there', async () => {
  const { session, log } = fakeSession()
  const sql = 'INSERT INTO t FORMAT JSONEachRow'
  await createEngine(session, neverBroken).run(
    request(sql, { body: '{"a":"x\\n\\ny"}\n\n \r\n{"a":2}\n' }),
    always
  )
  expect(log).toEqual([`${sql}\n{"a":"x\\n\\ny"}\n{"a":2}\n`])
})
