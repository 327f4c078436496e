import { expect, test } from 'vitest'
import { withTable } from '../../../bench/page/with-table.ts'

const page = 'a\n<!-- measured: one -->\nold\n<!-- end -->\nb\n<!-- measured: two -->\nkept\n<!-- end -->\n'

test('a table takes the place of the one that had its name', () => {
  expect(withTable(page, 'one', 'new')).toBe(page.replace('old', 'new'))
  expect(withTable(withTable(page, 'two', 'new'), 'two', 'newer')).toBe(page.replace('kept', 'newer'))
})

test('a table without a place is an error', () => {
  expect(() => withTable(page, 'three', 'new')).toThrow('three')
})
