import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { readMigrations } from '../../../src/store/migrations.ts'

const folder = fileURLToPath(new URL('../../../clickhouse', import.meta.url))

test('the migrations are numbered from 1 without a gap, and every one is read', () => {
  const migrations = readMigrations(folder, 'realtime')
  expect(migrations.map(one => one.version)).toEqual(migrations.map((_, at) => at + 1))
  const numbered = readdirSync(folder).filter(file => /^\d.*\.sql$/.test(file))
  expect(numbered.sort()).toEqual(migrations.map(one => `${one.name}.sql`))
})

test('each statement is one, names the database, and can be run again', () => {
  for (const { statements } of readMigrations(folder, 'shop-1'))
    for (const statement of statements) {
      expect(statement).not.toMatch(/;$|realtime|\{/m)
      expect(statement.replace(/^--.*\n/gm, '')).toMatch(
        /^(CREATE (DATABASE|TABLE|VIEW) IF NOT EXISTS|CREATE OR REPLACE VIEW|ALTER TABLE) `shop-1`/
      )
    }
})

test('every table with rows of its own drops them by the days since their insertion', () => {
  const tables = readMigrations(folder, 'realtime')
    .flatMap(one => one.statements)
    .filter(statement => statement.includes('inserted_at DateTime'))
  expect(tables.length).toBe(10)
  for (const table of tables)
    expect(table).toMatch(new RegExp(`TTL inserted_at \\+ toIntervalDay\\(${daysOf(table)}\\)$`))
})

const daysOf = (table: string): number =>
  table.includes('counted_orders') ? 8 : table.includes('realtime.audit') ? 400 : 90
