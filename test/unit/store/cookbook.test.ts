import { expect, test } from 'vitest'
import { queryNamed, readCookbook } from '../../../src/store/cookbook.ts'

test('a query is found by its name, and by the one that it had in an earlier version', () => {
  const queries = readCookbook()
  expect(queryNamed(queries, 'not-notified')?.sql).toContain("outcome IN ('muted', 'off')")
  expect(queryNamed(queries, 'not-told')).toBe(queryNamed(queries, 'not-notified'))
  expect(queryNamed(queries, 'constructor')).toBeUndefined()
})
