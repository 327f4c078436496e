import { expect, test } from 'vitest'
import { textTable } from '../../../src/cli/table.ts'

test('the last column is wrapped between words, and a word that is longer than a line within it', () => {
  const long = 'a'.repeat(20)
  expect(textTable(['id', 'what'], [['1', `one two ${long} three`]], 26)).toBe(`\
┌────┬───────────────────┐
│ id │ what              │
├────┼───────────────────┤
│ 1  │ one two           │
│    │ aaaaaaaaaaaaaaaaa │
│    │ aaa three         │
└────┴───────────────────┘`)
})

test('a text that would act on a terminal is shown as its escape', () => {
  expect(textTable(['id'], [['\u001b[2J']], 80)).toContain(String.raw`│ \u001b[2J │`)
})
