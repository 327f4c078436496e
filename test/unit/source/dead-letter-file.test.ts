import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { countOnly, createDeadLetterFile } from '../../../src/source/dead-letter-file.ts'
import type { DeadLetter } from '../../../src/source/dead-letters.ts'
import { partitionKey } from '../../../src/source/partition.ts'

const folder = mkdtempSync(join(tmpdir(), 'cartwatch-dead-'))
afterAll(() => rmSync(folder, { recursive: true }))

const bytes = Buffer.from([0x7b, 0xff, 0x0a, 0x00])
const letter: DeadLetter = {
  partition: partitionKey('shop/events', 3),
  offset: 17,
  reason: 'invalid_json',
  key: Buffer.from('k'),
  value: bytes
}

test('each dead letter is appended as a line, byte for byte, in a folder that is created', async () => {
  const path = join(folder, 'deep', 'dead.ndjson')
  const file = createDeadLetterFile(path, { pass: async () => {} })
  await file.keep([letter, { ...letter, offset: 18, reason: 'undecodable_batch', key: null, value: null }])
  await file.keep([{ ...letter, offset: 19 }])
  await file.close()
  const lines = readFileSync(path, 'utf8').trimEnd().split('\n')
  const [first, second, third] = lines.map(line => JSON.parse(line))
  expect(first).toEqual({
    topic: 'shop/events',
    partition: 3,
    offset: 17,
    reason: 'invalid_json',
    key: 'aw==',
    value: bytes.toString('base64')
  })
  expect(second).toMatchObject({ offset: 18, reason: 'undecodable_batch', key: null, value: null })
  expect(third).toMatchObject({ offset: 19 })
  expect(lines.length).toBe(3)
})

test('dead letters that are only counted are stored nowhere', async () => {
  await expect(countOnly.keep([letter])).resolves.toBeUndefined()
})

test('only its owner may read the file and its folder, also a file that was open to others', async () => {
  const path = join(folder, 'private', 'dead.ndjson')
  await createDeadLetterFile(path, { pass: async () => {} }).keep([letter])
  const modeOf = (of: string) => statSync(of).mode & 0o777
  expect([modeOf(path), modeOf(join(folder, 'private'))]).toEqual([0o600, 0o700])
  const older = join(folder, 'older.ndjson')
  writeFileSync(older, '')
  chmodSync(older, 0o644)
  await createDeadLetterFile(older, { pass: async () => {} }).keep([letter])
  expect(modeOf(older)).toBe(0o600)
})
