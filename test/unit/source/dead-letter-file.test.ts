import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { countOnly, createDeadLetterFile, requireWritableFile } from '../../../src/source/dead-letter-file.ts'
import type { DeadLetter } from '../../../src/source/dead-letters.ts'
import { partitionKey } from '../../../src/source/partition.ts'
import { openFence } from '../../support/open-fence.ts'
import { createRecordedLog } from '../../support/recorded-log.ts'

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

const fileAt = (path: string, maxBytes = 1_000_000, log = createRecordedLog()) =>
  createDeadLetterFile({ path, maxBytes, fence: openFence, log })

test('each dead letter is appended as a line, byte for byte, in a folder that is created', async () => {
  const path = join(folder, 'deep', 'dead.ndjson')
  const file = fileAt(path)
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
  await fileAt(path).keep([letter])
  const modeOf = (of: string) => statSync(of).mode & 0o777
  expect([modeOf(path), modeOf(join(folder, 'private'))]).toEqual([0o600, 0o700])
  const older = join(folder, 'older.ndjson')
  writeFileSync(older, '')
  chmodSync(older, 0o644)
  await fileAt(older).keep([letter])
  expect(modeOf(older)).toBe(0o600)
})

test('file and predecessor stay within the limit: the oldest letters are dropped, in whole lines, and it is told', async () => {
  const path = join(folder, 'bounded.ndjson')
  const log = createRecordedLog()
  const lineBytes = 120
  const file = fileAt(path, 10 * lineBytes, log)
  const numbered = (offset: number) => ({ ...letter, offset, value: Buffer.alloc(18) })
  const offsets = (of: string) =>
    readFileSync(of, 'utf8')
      .trimEnd()
      .split('\n')
      .map(line => JSON.parse(line).offset)
  await file.keep([numbered(100), numbered(101)])
  await file.keep([numbered(102)])
  expect(statSync(path).size).toBeLessThanOrEqual(5 * lineBytes)
  expect(log.lines).toEqual([])
  for (let at = 103; at < 130; at++) await file.keep([numbered(at)])
  await file.keep(Array.from({ length: 30 }, (_, index) => numbered(130 + index)))
  const kept = [...offsets(`${path}.1`), ...offsets(path)]
  expect(kept).toEqual(Array.from({ length: kept.length }, (_, index) => 160 - kept.length + index))
  expect(statSync(path).size + statSync(`${path}.1`).size).toBeLessThanOrEqual(10 * lineBytes)
  expect([statSync(path).mode & 0o777, statSync(`${path}.1`).mode & 0o777]).toEqual([0o600, 0o600])
  expect(log.lines[0]).toMatchObject({
    level: 'warn',
    message: 'the dead-letter file is full: its oldest letters were dropped'
  })
})

test('a single letter that is larger than the limit is kept whole', async () => {
  const path = join(folder, 'large.ndjson')
  const file = fileAt(path, 100)
  await file.keep([letter, { ...letter, value: Buffer.alloc(1_000) }])
  expect(JSON.parse(readFileSync(path, 'utf8')).value).toHaveLength(1_336)
})

test('a file that cannot be written is named at the start, with what to do', async () => {
  const path = join(folder, 'is-a-folder')
  mkdirSync(path)
  await expect(requireWritableFile(path)).rejects.toThrow(
    /^the dead-letter file \S+is-a-folder cannot be written \(EISDIR.*\): allow it, or set dead_letter_file, or dead_letter: topic or count$/
  )
  const good = join(folder, 'new', 'dead.ndjson')
  await requireWritableFile(good)
  expect([readFileSync(good, 'utf8'), statSync(good).mode & 0o777]).toEqual(['', 0o600])
})
