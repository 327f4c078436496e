import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { visibleText } from '../../../src/cli/query.ts'

test('an answer on a terminal shows what it would obey, wherever its bytes are parted', async () => {
  const answer = Buffer.from('┌─segment─┐\n│ a\u001b[2J\u202eb🛒\t│\n')
  const bytes = [...answer].map(byte => Buffer.of(byte))
  expect(await text(Readable.from(bytes, { objectMode: false }).pipe(visibleText()))).toBe(
    '┌─segment─┐\n│ a\\u001b[2J\\u202eb🛒\t│\n'
  )
})
