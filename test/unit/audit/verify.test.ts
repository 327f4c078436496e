import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type AuditRow, rowHashOf, whoHashOf } from '../../../src/audit/row.ts'
import { seal } from '../../../src/audit/seal.ts'
import { type AuditBreak, createAuditCheck } from '../../../src/audit/verify.ts'

const newSalt = () => 'salt'

/** Chains written in turns: each row names what no row has named so far. */
function writtenBy(writers: readonly number[]): AuditRow[] {
  const rows: AuditRow[] = []
  for (const [index, writer] of writers.entries()) {
    const chain = `host-${writer}`
    const last = rows.findLast(row => row.chain === chain)
    const named = new Set(rows.flatMap(({ heads }) => heads.map(head => head.split(' ')[0])))
    const lasts = new Map(rows.map(row => [row.chain, row]))
    const heads = [...lasts.values()].filter(row => row.chain !== chain && !named.has(row.hash))
    const event = {
      action: 'acknowledge',
      at: 1_000 * index,
      actor: `ann ${index}`,
      origin: '10.0.0.1'
    } as const
    rows.push(...seal([event], { chain, pipeline: 'shop', last, heads, newSalt }))
  }
  return rows
}

function check(rows: readonly AuditRow[], keptFromMs = 0, keptHeads: readonly string[] = []) {
  const auditCheck = createAuditCheck({
    references: rows.flatMap(({ heads }) => heads),
    keptFromMs,
    keptHeads
  })
  const inOrder = rows.toSorted((a, b) => (a.chain < b.chain ? -1 : a.chain > b.chain ? 1 : a.seq - b.seq))
  for (const row of inOrder) auditCheck.take(row)
  return auditCheck.end()
}

const sealed = (row: AuditRow): AuditRow => ({ ...row, hash: rowHashOf(row) })
const kindsOf = (rows: readonly AuditRow[]) => check(rows).breaks.map(({ kind }) => kind)

const written = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 2, maxLength: 25 }).map(writtenBy)
/** Rows, and one of them with a row behind it. */
const withInner = written
  .map(rows => ({ rows, inner: rows.filter(row => rows.some(one => one.previous === row.hash)) }))
  .filter(({ inner }) => inner.length > 0)
  .chain(({ rows, inner }) => fc.record({ rows: fc.constant(rows), row: fc.constantFrom(...inner) }))

test('what several writers wrote verifies, also where rows came twice', () => {
  fc.assert(
    fc.property(written, rows => {
      const { breaks, rows: count } = check([...rows, ...rows.slice(0, 3)])
      expect(breaks).toEqual([])
      expect(count).toBe(rows.length)
    })
  )
})

const contents = fc.constantFrom<(row: AuditRow) => AuditRow>(
  row => ({ ...row, at: row.at + 1 }),
  row => ({ ...row, pipeline: 'other' }),
  row => ({ ...row, action: 'escalate' }),
  row => ({ ...row, actor: 'bob' }),
  row => ({ ...row, actor: 'anon:00', anonymised: true }),
  row => ({ ...row, origin: '10.0.0.2' }),
  row => ({ ...row, via: 'api' }),
  row => ({ ...row, subject: 'another' }),
  row => ({ ...row, details: '{"a":1}' }),
  row => ({ ...row, whoSalt: '' }),
  row => ({ ...row, heads: [...row.heads, `${'0'.repeat(64)} 0 0 host-9`] }),
  row => ({ ...row, previousAt: row.previousAt + 1 }),
  row => ({ ...row, previous: 'f'.repeat(64) }),
  row => ({ ...row, actor: 'anon:00', origin: 'anon:00', anonymised: true }),
  row => ({ ...row, hash: row.hash.replace(/^./, digit => (digit === '0' ? '1' : '0')) })
)

test('any change of one row is found', () => {
  fc.assert(
    fc.property(written, fc.nat(), contents, (rows, at, change) => {
      const index = at % rows.length
      const changed = rows.map((row, place) => (place === index ? change(row) : row))
      const row = rows[index] as AuditRow
      expect(check(changed).breaks).toContainEqual(
        expect.objectContaining({ kind: 'changed', chain: row.chain, seq: row.seq })
      )
    })
  )
})

test('a row that was changed with its hashes is found by the row behind it', () => {
  fc.assert(
    fc.property(withInner, ({ rows, row }) => {
      const other = { ...row, actor: 'bob', action: 'silence' }
      const forged = sealed({ ...other, whoHash: whoHashOf(other) })
      expect(kindsOf(rows.map(one => (one === row ? forged : one)))).toContain('changed')
    })
  )
})

test('a row that is gone from within a chain is found', () => {
  fc.assert(
    fc.property(withInner, ({ rows, row }) => {
      const { breaks } = check(rows.filter(one => one !== row))
      expect(breaks).toContainEqual(
        expect.objectContaining({ kind: 'missing', chain: row.chain, seq: row.seq })
      )
    })
  )
})

test('rows that swapped their places are found', () => {
  fc.assert(
    fc.property(withInner, ({ rows, row }) => {
      const next = rows.find(one => one.previous === row.hash) as AuditRow
      const swapped = rows.map(one =>
        one === row ? { ...row, seq: next.seq } : one === next ? { ...next, seq: row.seq } : one
      )
      expect(kindsOf(swapped)).toContain('changed')
    })
  )
})

test('a row that was put in within a chain is found, and told from the one that was there', () => {
  fc.assert(
    fc.property(withInner, ({ rows, row }) => {
      const other = sealed({ ...row, details: '{"forged":true}' })
      const { breaks } = check([...rows, other])
      expect(breaks).toEqual([expect.objectContaining({ kind: 'inserted', chain: row.chain, seq: row.seq })])
      expect(kindsOf([other, ...rows])).toEqual(['inserted'])
    })
  )
})

test('two last rows of one chain are a fork', () => {
  fc.assert(
    fc.property(written, rows => {
      const last = rows.at(-1) as AuditRow
      const other = sealed({ ...last, details: '{"forged":true}' })
      expect(kindsOf([...rows, other])).toEqual(['forked'])
    })
  )
})

test('a chain that merely ends verifies: a crash between two rows is no fault', () => {
  fc.assert(
    fc.property(written, rows => {
      expect(check(rows.slice(0, -1)).breaks).toEqual([])
    })
  )
})

test('a whole chain, or its last rows, are missed by the chain that named them', () => {
  const rows = writtenBy([0, 0, 1, 1])
  const [first, second] = rows as [AuditRow, AuditRow]
  const missing: Partial<AuditBreak> = { kind: 'missing', chain: 'host-0', seq: 1, at: 1_000 }
  expect(check(rows.filter(({ chain }) => chain !== 'host-0')).breaks).toEqual([
    { ...missing, what: 'another chain names it, and its whole chain is gone' }
  ])
  expect(check(rows.filter(row => row !== second)).breaks).toEqual([
    { ...missing, what: 'another chain names it, and its chain ends at row 0' }
  ])
  expect(check(rows).heads.map(({ hash }) => hash)).toEqual([rows[3]?.hash])
  expect(first.heads).toEqual([])
})

test('the end that nobody names is missed only by whoever wrote its hash down', () => {
  const rows = writtenBy([0, 1, 0])
  const [kept] = check(rows).heads
  expect(check(rows.slice(0, -1)).breaks).toEqual([])
  expect(check(rows.slice(0, -1), 0, [kept?.hash ?? '']).breaks).toEqual([
    { kind: 'missing', chain: '', seq: 0, at: undefined, what: `no row has the hash ${kept?.hash}` }
  ])
  expect(check(rows, 0, [kept?.hash ?? '']).breaks).toEqual([])
})

test('rows that the retention has removed are not missed, and others are', () => {
  const rows = writtenBy([0, 0, 0, 0, 1])
  const rest = rows.slice(2)
  expect(check(rest, 1_001).breaks).toEqual([])
  expect(check(rest, 1_000).breaks).toMatchObject([
    { kind: 'missing', chain: 'host-0', seq: 1, at: 1_000, what: 'rows 0 to 1 are gone' }
  ])
  // A merge can leave older rows behind.
  expect(check([rows[0] as AuditRow, ...rest], 1_001).breaks).toEqual([])
  expect(check(rows.slice(4), 3_001).breaks).toEqual([])
  expect(check(rows.slice(4), 3_000).breaks).toMatchObject([{ kind: 'missing', seq: 3 }])
})

test('a row whose names were replaced still verifies, and its plain copy beside it', () => {
  const rows = writtenBy([0, 0, 0])
  const anonymous = rows.map(row => ({
    ...row,
    actor: 'anon:1',
    origin: 'anon:2',
    whoSalt: '',
    anonymised: true
  }))
  expect(check(anonymous)).toMatchObject({ breaks: [], anonymised: 3 })
  expect(check([...anonymous, ...rows]).breaks).toEqual([])
  expect(kindsOf(anonymous.map(row => ({ ...row, actor: 'bob' })))).toContain('changed')
})

test('the first in time is first', () => {
  const rows = writtenBy([1, 0, 1, 0])
  const changed = rows.map(row => (row.seq === 1 ? { ...row, subject: 'x' } : row))
  expect(check(changed).breaks.map(({ chain }) => chain)).toEqual(['host-1', 'host-0'])
})

test('a first row that names one before it is changed', () => {
  const [row] = writtenBy([0]) as [AuditRow]
  expect(kindsOf([sealed({ ...row, previous: 'f'.repeat(64) })])).toEqual(['changed'])
})

test('a hash is that of the bytes in docs/audit.md', () => {
  const [row] = seal(
    [{ action: 'silence', at: 5, actor: 'Zoë', via: 'cli', origin: 'a@b', subject: 's', details: { é: 1 } }],
    {
      chain: 'c/1',
      pipeline: 'shop',
      last: undefined,
      heads: [{ hash: 'h', seq: 2, at: 3, chain: 'd' }],
      newSalt: () => 'salt'
    }
  )
  expect(row).toMatchObject({
    whoHash: '8cd0a98e2e5df00ae6aa116a441aca2af211da2c343d29900a57b04dafb8c0d2',
    hash: '2d202b6cb006cc5ab47543c7a60d1b66f77d8f0c192379c7bbbdefad59325a60'
  })
})

test('two branches that both go on are a fork', () => {
  const [first, second, third] = writtenBy([0, 0, 0]) as [AuditRow, AuditRow, AuditRow]
  const branch = sealed({ ...second, details: '{"forged":true}' })
  const twig = sealed({ ...third, previous: branch.hash })
  expect(check([first, second, branch, third, twig]).breaks).toMatchObject([
    { kind: 'forked', seq: 1 },
    { kind: 'forked', seq: 2 }
  ])
})

test('a row that gives a wrong time to the one before it shows that one', () => {
  const [first, second] = writtenBy([0, 0]) as [AuditRow, AuditRow]
  expect(check([first, sealed({ ...second, previousAt: -5 })]).breaks).toMatchObject([
    { kind: 'changed', seq: 0 }
  ])
})
