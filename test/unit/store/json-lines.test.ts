import { expect, test } from 'vitest'
import { readLines } from '../../../src/store/json-lines.ts'

test('an answer is read a line at a time', async () => {
  expect(await readLines('1\n2\n\n3', Number)).toEqual([1, 2, 3])
})

test('an answer that is not of ClickHouse is refused with its beginning', async () => {
  const reading = readLines('<html>hello</html>\n', line => JSON.parse(line))
  await expect(reading).rejects.toMatchObject({
    code: 'QUERY',
    retryable: false,
    message: 'the answer is not from ClickHouse: <html>hello</html>'
  })
})
