import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { visibleText } from '../../../src/cli/query.ts'
import { roundedFields } from '../../../src/cli/rounded.ts'

test('an answer on a terminal shows what it would obey, wherever its bytes are parted', async () => {
  const answer = Buffer.from('┌─segment─┐\n│ a\u001b[2J\u202eb🛒\t│\n')
  const bytes = [...answer].map(byte => Buffer.of(byte))
  expect(await text(Readable.from(bytes, { objectMode: false }).pipe(visibleText()))).toBe(
    '┌─segment─┐\n│ a\\u001b[2J\\u202eb🛒\t│\n'
  )
})

test('in a pipe figures have no noise of binary fractions, wherever bytes are parted; texts stay', async () => {
  const answer = Buffer.from(
    'metric\tvalue\nrevenue\t0.30000000000000004\n1234.5600000000002\t-1.1000000000000001e-7\nv 0.30000000000000004\t12345678901234567890\nx\t0.5'
  )
  const bytes = [...answer].map(byte => Buffer.of(byte))
  expect(await text(Readable.from(bytes, { objectMode: false }).pipe(roundedFields()))).toBe(
    'metric\tvalue\nrevenue\t0.3\n1234.56\t-1.1e-7\nv 0.30000000000000004\t12345678901234567890\nx\t0.5'
  )
})
