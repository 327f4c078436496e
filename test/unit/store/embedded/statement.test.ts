import { describe, expect, test } from 'vitest'
import { readStatement } from '../../../../src/store/embedded/statement.ts'

describe('a statement as a server sees it', () => {
  test.each([
    ['select 1', 'SELECT'],
    ['  -- first\n /* then */ # and\n\tWITH 1 AS x SELECT x;', 'WITH'],
    ['(SELECT 1)', '('],
    ['', ''],
    [' ; ;; -- nothing', ''],
    ['set a = 1', 'SET']
  ])('%j begins with %j', (sql, verb) => {
    expect(readStatement(sql)).toMatchObject({ verb, several: false, insertFormat: undefined })
  })

  test.each([
    ['SELECT 1; SELECT 2', true],
    ['SELECT 1;', false],
    ['SELECT 1; -- SELECT 2\n ;', false],
    ['SELECT 1 ; /* x */ DROP TABLE t', true],
    ["SELECT ';', 'it''s; ', 'a\\'; DROP TABLE t'", false],
    ['SELECT ";" AS `a;b`, "x\\";"', false],
    ['SELECT $$ ; $$, $x$ $$ ; $x$', false],
    ['SELECT $$ a $$; SELECT 1', true],
    ["SELECT 'open ; SELECT 2", false],
    ['SELECT 1 -- ;\n; SELECT 2', true],
    ["INSERT INTO t VALUES ('a;b'); DROP TABLE t", true]
  ])('%j holds several statements: %j', (sql, several) => {
    expect(readStatement(sql).several).toBe(several)
  })

  test('the data of an INSERT is not SQL', () => {
    expect(
      readStatement('INSERT INTO t (a, format) FORMAT JSONEachRow\n{"a":"; \' DROP TABLE t"}')
    ).toMatchObject({
      verb: 'INSERT',
      several: false,
      insertFormat: 'JSONEACHROW'
    })
  })

  test('a string of megabytes is read', () => {
    expect(readStatement(`SELECT '${"''x".repeat(1_000_000)}'; SELECT 2`).several).toBe(true)
  })
})

test.each([
  ['SELECT 1', true],
  ['-- a comment\n(SELECT 1) UNION ALL SELECT 2', true],
  ["SELECT 'INSERT INTO t' FROM t", true],
  ['SHOW TABLES FROM realtime', true],
  ['DESCRIBE realtime.anomalies', true],
  ['EXPLAIN SELECT 1', true],
  ['WITH 1 AS x SELECT x', true],
  ['WITH 1 AS x INSERT INTO t SELECT x', false],
  ['with 1 as x insert /* */ into t select x', false],
  ["SELECT 1 INTO OUTFILE '/tmp/x'", false],
  ['INSERT INTO t VALUES (1)', false],
  ['INSERT INTO t FORMAT CSV', false],
  ['DROP TABLE t', false],
  ['ALTER TABLE t DELETE WHERE 1', false],
  ['TRUNCATE t', false],
  ['OPTIMIZE TABLE t FINAL', false],
  ['SYSTEM FLUSH LOGS', false],
  ['SELECT 1; DROP TABLE t', false],
  ['', false]
])('%j only reads: %j', (sql, isReading) => {
  expect(readStatement(sql).isReading).toBe(isReading)
})
