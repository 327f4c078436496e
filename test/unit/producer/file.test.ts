import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { writeRecords } from '../../../producer/file.ts'
import { createLabelFile } from '../../../producer/labels.ts'
import type { ShopRecord } from '../../../producer/record.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cartwatch-producer-'))
})
afterAll(() => rm(folder, { recursive: true }))

const record = (line: string): ShopRecord => ({ eventTime: 0, arrivalMs: 0, sessionId: 's', line })
async function* batches() {
  yield [record('{"a":1}'), record('{"a":2}')]
  yield [record('{"a":3}')]
}
const text = '{"a":1}\n{"a":2}\n{"a":3}\n'

test('records are lines of a file, and each batch is told once it is written', async () => {
  const sizes: number[] = []
  await writeRecords(batches(), join(folder, 'events.ndjson'), batch => sizes.push(batch.length))
  expect(await readFile(join(folder, 'events.ndjson'), 'utf8')).toBe(text)
  expect(sizes).toEqual([2, 1])
})

test('a name that ends in .gz is compressed, with the same bytes each time', async () => {
  await writeRecords(batches(), join(folder, 'one.ndjson.gz'))
  await writeRecords(batches(), join(folder, 'two.ndjson.gz'))
  const compressed = await readFile(join(folder, 'one.ndjson.gz'))
  expect(gunzipSync(compressed).toString()).toBe(text)
  expect(await readFile(join(folder, 'two.ndjson.gz'))).toEqual(compressed)
})

test('a folder that is not there is said', async () => {
  await expect(writeRecords(batches(), join(folder, 'none', 'events'))).rejects.toThrow('ENOENT')
})

test('labels are one JSON array with kind, start, end, depth and the segment that was hit', async () => {
  const path = join(folder, 'labels.json')
  createLabelFile(
    [
      { kind: 'payment_outage', startMs: Date.UTC(2026, 0, 5), endMs: Date.UTC(2026, 0, 5, 1), depth: 0.8 },
      {
        kind: 'country_outage',
        startMs: Date.UTC(2026, 0, 6),
        endMs: Date.UTC(2026, 0, 6, 1),
        depth: 1,
        segment: 'country=DE'
      }
    ],
    path
  ).ended(Date.UTC(2026, 0, 7))
  expect(JSON.parse(await readFile(path, 'utf8'))).toEqual([
    {
      kind: 'payment_outage',
      start: '2026-01-05T00:00:00.000Z',
      end: '2026-01-05T01:00:00.000Z',
      depth: 0.8
    },
    {
      kind: 'country_outage',
      start: '2026-01-06T00:00:00.000Z',
      end: '2026-01-06T01:00:00.000Z',
      depth: 1,
      segment: 'country=DE'
    }
  ])
  createLabelFile([], path)
  expect(JSON.parse(await readFile(path, 'utf8'))).toEqual([])
})
