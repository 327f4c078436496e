import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { gzipSync, zstdCompressSync } from 'node:zlib'
import { afterAll, describe, expect, test } from 'vitest'
import { openFile } from '../../../src/source/file.ts'

const folder = mkdtempSync(join(tmpdir(), 'cartwatch-file-'))
afterAll(() => rmSync(folder, { recursive: true }))

const nothing = () => Readable.from([])

function written(name: string, content: string | Buffer): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

async function linesOf(path: string, stdin: Readable = nothing()): Promise<[number, string][]> {
  const source = await openFile(path, stdin)
  const lines: [number, string][] = []
  await source.read((line, lineNumber) => lines.push([lineNumber, line.toString()]))
  return lines
}

const expected: [number, string][] = [
  [1, '{"a":1}'],
  [2, '{"b":"ü"}'],
  [3, '{"c":3}']
]

describe('a file of lines', () => {
  test('is handed in line by line, with their numbers', async () => {
    expect(await linesOf(written('plain.ndjson', '{"a":1}\n{"b":"ü"}\n{"c":3}\n'))).toEqual(expected)
  })

  test('needs no newline at its end', async () => {
    expect(await linesOf(written('open.ndjson', '{"a":1}\n{"b":"ü"}\n{"c":3}'))).toEqual(expected)
  })

  test('may end its lines as Windows does: JSON ignores it', async () => {
    const lines = await linesOf(written('crlf.ndjson', '{"a":1}\r\n\r\n{"b":2}\r\n'))
    expect(lines.map(([number, line]) => [number, JSON.parse(line)])).toEqual([
      [1, { a: 1 }],
      [3, { b: 2 }]
    ])
  })

  test('may have blank lines, which are counted and skipped', async () => {
    expect(await linesOf(written('blank.ndjson', '\n\n{"a":1}\n\n\n{"b":2}\n\n'))).toEqual([
      [3, '{"a":1}'],
      [6, '{"b":2}']
    ])
  })

  test('may be empty', async () => {
    expect(await linesOf(written('empty.ndjson', ''))).toEqual([])
  })

  test('keeps lines whole that lie across the chunks it is read in', async () => {
    const line = JSON.stringify({ text: 'é'.repeat(300_000) })
    const lines = await linesOf(written('long.ndjson', `${line}\n${line}\n${line}\n`))
    expect(lines.map(([number, text]) => [number, text === line])).toEqual([
      [1, true],
      [2, true],
      [3, true]
    ])
  })

  test('with a line of 20 MB is read to its end, the line cut but longer than any event', async () => {
    const source = await openFile(
      written('huge.ndjson', `{"a":1}\n${'x'.repeat(20_000_000)}\n{"b":2}\n`),
      nothing()
    )
    const lengths: number[] = []
    await source.read(line => lengths.push(line.length))
    expect(lengths.length).toBe(3)
    expect([lengths[0], lengths[2]]).toEqual([7, 7])
    expect(lengths[1]).toBeGreaterThan(8_000_000)
    expect(lengths[1]).toBeLessThan(11_000_000)
  })
})

describe('a compressed file', () => {
  test('is read whatever its name is', async () => {
    const content = gzipSync('{"a":1}\n{"b":"ü"}\n{"c":3}\n')
    expect(await linesOf(written('events.ndjson.gz', content))).toEqual(expected)
    expect(await linesOf(written('events.ndjson', content))).toEqual(expected)
  })

  test('may be several files put together', async () => {
    const content = Buffer.concat([gzipSync('{"a":1}\n{"b"'), gzipSync(':"ü"}\n{"c":3}\n')])
    expect(await linesOf(written('two.gz', content))).toEqual(expected)
  })

  test.each([
    ['gzip', gzipSync],
    ['zstd', zstdCompressSync]
  ])('that is cut off in %s gives all that is before the cut, and then fails', async (name, compress) => {
    const sent = Array.from({ length: 50_000 }, (_, n) => `{"n":${Math.imul(n, 2_654_435_761)}}`)
    const whole = compress(sent.join('\n'))
    const path = written(`cut.${name}`, whole.subarray(0, whole.length - 60_000))
    const source = await openFile(path, nothing())
    const read: string[] = []
    await expect(source.read(line => read.push(line.toString()))).rejects.toMatchObject({
      code: 'FILE',
      retryable: false,
      message: expect.stringMatching(
        /after record \d+: the compressed data end too early: the file is cut off$/
      )
    })
    expect(read.length).toBeGreaterThan(20_000)
    expect(read).toEqual(sent.slice(0, read.length))
  })

  test('of CSV that is cut off gives whole rows only', async () => {
    const rows = Array.from({ length: 5_000 }, (_, n) => `${n},${Math.imul(n, 2_654_435_761) >>> 0}.25`)
    const whole = gzipSync(['id,price', ...rows].join('\n'))
    const source = await openFile(written('cut.csv.gz', whole.subarray(0, whole.length - 8_000)), nothing())
    const read: string[] = []
    await expect(
      source.read(line => read.push(Object.values(JSON.parse(line.toString())).join(',')))
    ).rejects.toThrow('the file is cut off')
    expect(read).toEqual(rows.slice(0, read.length))
    expect(read.length).toBeGreaterThan(1_000)
  })
})

describe('standard input', () => {
  test('is read in whatever chunks it comes', async () => {
    const text = '{"a":1}\n{"b":"ü"}\n{"c":3}'
    const bytes = [...Buffer.from(text)].map(byte => Buffer.from([byte]))
    expect(await linesOf('-', Readable.from(bytes))).toEqual(expected)
  })

  test('may be compressed, also in single bytes', async () => {
    const bytes = [...gzipSync('{"a":1}\n{"b":"ü"}\n{"c":3}')].map(byte => Buffer.from([byte]))
    expect(await linesOf('-', Readable.from(bytes))).toEqual(expected)
  })

  test('has no size', async () => {
    expect((await openFile('-', nothing())).progress()).toEqual({ bytesRead: 0, bytesTotal: undefined })
  })
})

describe('progress', () => {
  test('is in bytes of the file', async () => {
    const source = await openFile(written('progress.ndjson', '{"a":1}\n{"b":2}\n'), nothing())
    expect(source.progress()).toEqual({ bytesRead: 0, bytesTotal: 16 })
    await source.read(() => {})
    expect(source.progress()).toEqual({ bytesRead: 16, bytesTotal: 16 })
  })
})

describe('what is no file', () => {
  test('is named in the error', async () => {
    const missing = join(folder, 'missing.ndjson')
    await expect(openFile(missing, nothing())).rejects.toMatchObject({
      code: 'FILE',
      retryable: false,
      message: `${missing}: no such file`
    })
    await expect(openFile(folder, nothing())).rejects.toMatchObject({
      code: 'FILE',
      message: `${folder} is a folder: give a file of NDJSON, JSON or CSV`
    })
  })
})
