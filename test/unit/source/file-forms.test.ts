import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import { createJsonCutter, cutJson } from '../../../src/decode/json-values.ts'
import { openFile } from '../../../src/source/file.ts'
import { tries } from '../../support/tries.ts'

const folder = mkdtempSync(join(tmpdir(), 'cartwatch-forms-'))
afterAll(() => rmSync(folder, { recursive: true }))

let files = 0
async function recordsOf(content: string | Buffer): Promise<[number, unknown][]> {
  const path = join(folder, `${files++}`)
  writeFileSync(path, content)
  const source = await openFile(path, Readable.from([]))
  const records: [number, unknown][] = []
  await source.read((bytes, number) => {
    let value: unknown = bytes.toString()
    try {
      value = JSON.parse(bytes.toString())
    } catch {}
    records.push([number, value])
  })
  return records
}

const values = [{ a: 1, b: 'x}{"\\' }, { a: [{ c: 2 }] }, { a: 'ü' }]
const lines = values.map(value => JSON.stringify(value))
const numbered = values.map((value, at) => [at + 1, value])

describe('a file of JSON', () => {
  test.each([
    ['values without anything between', lines.join('')],
    ['values with commas between', lines.join(',')],
    ['values over several lines', values.map(value => JSON.stringify(value, null, 2)).join('\n')],
    ['one list on one line', `[${lines.join(',')}]\n`],
    ['one list over several lines', `\ufeff ${JSON.stringify(values, null, 2)}\n`],
    ['lines', lines.join('\r\n')],
    ['lines in UTF-16', Buffer.from(`\ufeff${lines.join('\n')}`, 'utf16le')],
    ['lines in UTF-16 of the other order', Buffer.from(`\ufeff${lines.join('\n')}`, 'utf16le').swap16()],
    ['lines in UTF-16 without its mark', Buffer.from(lines.join('\n'), 'utf16le')],
    ['a list in zstd', zstdCompressSync(`[${lines.join(',')}]`)],
    ['values in UTF-16 in gzip', gzipSync(Buffer.from(`\ufeff${lines.join('')}`, 'utf16le'))]
  ])('that is %s is each value', async (_, content) => {
    expect(await recordsOf(content)).toEqual(numbered)
  })

  test('whose lines are lists is read line by line', async () => {
    expect(await recordsOf('[{"a":1},{"a":2}]\n[{"a":3}]\n')).toEqual([
      [1, [{ a: 1 }, { a: 2 }]],
      [2, [{ a: 3 }]]
    ])
  })

  test('with a broken first line is read line by line', async () => {
    expect(await recordsOf('{"a":\n{"a":1}\n{"a":2}\n')).toEqual([
      [1, '{"a":'],
      [2, { a: 1 }],
      [3, { a: 2 }]
    ])
  })

  test('that is cut ends with what there is', async () => {
    expect(await recordsOf('[{"a":1},{"a":')).toEqual([
      [1, { a: 1 }],
      [2, '{"a":']
    ])
  })

  test('that is empty has no records, and an empty list neither', async () => {
    expect(await recordsOf('')).toEqual([])
    expect(await recordsOf('[]')).toEqual([])
  })

  test('is cut into its values wherever its pieces end', () => {
    fc.assert(
      fc.property(
        fc.array(fc.jsonValue()),
        fc.array(fc.nat(60)),
        fc.constantFrom('', ',', ' \n'),
        (all, cuts, between) => {
          const parts = all.map(value => JSON.stringify(value))
          // Numbers and words need something between.
          const gap = between === '' ? ' ' : between
          const bytes = Buffer.from(`[${parts.join(gap)}]`)
          const cutter = createJsonCutter({ inArray: true, maxBytes: 1_000_000 })
          const found: string[] = []
          let from = 0
          for (const cut of [...cuts, bytes.length]) {
            found.push(...cutter.push(bytes.subarray(from, from + cut)).map(String))
            from += cut
          }
          expect(found).toEqual(parts)
          expect(cutJson(parts.join(gap))).toEqual(parts)
        }
      ),
      { numRuns: tries(300) }
    )
  })
})

describe('a file of rows', () => {
  test.each([',', ';', '\t', '|'])('with %j between is an object a row', async delimiter => {
    const rows = [
      ['event_time', 'user.id', '"price"'],
      ['2026-11-20 10:00:00 UTC', '"a ""b"""', '5'],
      ['2026-11-20 10:00:01 UTC', '', '"1\n2"'],
      ['2026-11-20 10:00:02 UTC']
    ]
    expect(await recordsOf(`\ufeff${rows.map(row => row.join(delimiter)).join('\r\n')}\r\n`)).toEqual([
      [2, { event_time: '2026-11-20 10:00:00 UTC', 'user.id': 'a "b"', price: '5' }],
      [4, { event_time: '2026-11-20 10:00:01 UTC', 'user.id': '', price: '1\n2' }],
      [5, { event_time: '2026-11-20 10:00:02 UTC' }]
    ])
  })

  test('needs a line of names: without one it is lines', async () => {
    const text = '2026-11-20,view,5\n2026-11-20,cart,6'
    expect(await recordsOf(text)).toEqual(text.split('\n').map((line, at) => [at + 1, line]))
  })
})

test.each([
  ['Parquet', Buffer.from('PAR1....')],
  ['a zip archive', Buffer.from([0x50, 0x4b, 0x03, 0x04, 1, 2])],
  ['bzip2', Buffer.from('BZh91AY')],
  ['an Avro container', Buffer.from('Obj\u0001....')]
])('a file of %s is named, with what would be right', async (kind, content) => {
  await expect(recordsOf(content)).rejects.toMatchObject({
    code: 'FILE',
    message: expect.stringMatching(
      new RegExp(`is ${kind}: give NDJSON, JSON or CSV, which may be compressed with gzip or zstd$`)
    )
  })
})
