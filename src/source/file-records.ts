import { PassThrough, pipeline, Readable } from 'node:stream'
import { parse } from 'csv-parse'
import { createJsonCutter } from '../decode/json-values.ts'
import { peek } from './file-bytes.ts'
import { formBytes, formOf } from './file-form.ts'

/** Bounds memory: a longer record is cut to this length, which makes it a dead letter. */
const maxRecordBytes = 8 * 1024 * 1024
const newline = 0x0a

/** A record of a file, with the number of its line or, where it has none of its own, its place; from 1 on. */
export interface FileRecord {
  readonly number: number
  readonly bytes: Buffer
}

/** The records of a file by its form, in slices. */
export async function* recordsOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<readonly FileRecord[]> {
  const { head, all } = await peek(chunks, formBytes)
  const form = formOf(head)
  switch (form.kind) {
    case 'lines':
      yield* lines(all)
      break
    case 'values':
      yield* values(all, form.inArray)
      break
    case 'rows':
      yield* rows(all, form.delimiter)
      break
    default:
      form satisfies never
  }
}

/** The lines of each chunk, without their newline; blank ones are counted and left out. */
async function* lines(chunks: AsyncIterable<Buffer>): AsyncGenerator<readonly FileRecord[]> {
  let rest: Buffer[] = []
  let restBytes = 0
  let number = 0
  const take = (bytes: Buffer): readonly FileRecord[] => {
    number++
    return isBlank(bytes) ? [] : [{ number, bytes }]
  }
  for await (const chunk of chunks) {
    const records: FileRecord[] = []
    let from = 0
    for (let at = chunk.indexOf(newline); at !== -1; at = chunk.indexOf(newline, from)) {
      const end = chunk.subarray(from, at)
      records.push(...take(restBytes === 0 ? end : Buffer.concat([...rest, end])))
      rest = []
      restBytes = 0
      from = at + 1
    }
    if (from < chunk.length && restBytes <= maxRecordBytes) {
      rest.push(chunk.subarray(from))
      restBytes += chunk.length - from
    }
    yield records
  }
  yield take(Buffer.concat(rest))
}

const isBlank = (line: Buffer) => line.length === 0 || (line.length === 1 && line[0] === 0x0d)

const byteOrderMark = Buffer.from('\ufeff')

async function* values(
  chunks: AsyncIterable<Buffer>,
  inArray: boolean
): AsyncGenerator<readonly FileRecord[]> {
  const cutter = createJsonCutter({ inArray, maxBytes: maxRecordBytes })
  let number = 0
  let isFirst = true
  const numbered = (bytes: Buffer): FileRecord => ({ number: ++number, bytes })
  for await (const chunk of chunks) {
    const hasMark = isFirst && chunk.subarray(0, byteOrderMark.length).equals(byteOrderMark)
    isFirst = false
    yield cutter.push(hasMark ? chunk.subarray(byteOrderMark.length) : chunk).map(numbered)
  }
  const rest = cutter.rest()
  if (rest.length > 0) yield [numbered(rest)]
}

/** Each row as a JSON object of texts by their names; an empty one is absent. */
async function* rows(
  chunks: AsyncIterable<Buffer>,
  delimiter: string
): AsyncGenerator<readonly FileRecord[]> {
  const parser = parse({
    bom: true,
    columns: true,
    delimiter,
    info: true,
    max_record_size: maxRecordBytes,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    trim: true
  })
  let fault: { readonly error: unknown } | undefined
  const untilFault = (async function* () {
    try {
      yield* chunks
    } catch (error) {
      fault = { error }
    }
  })()
  const parsed = pipeline(Readable.from(untilFault), parser, new PassThrough({ objectMode: true }), () => {})
  let slice: FileRecord[] = []
  for await (const { record, info } of parsed as AsyncIterable<Row>) {
    slice.push({ number: info.lines, bytes: Buffer.from(JSON.stringify(record)) })
    if (slice.length < rowsOfSlice) continue
    yield slice
    slice = []
  }
  // The last row before a fault may be half a row.
  yield fault === undefined ? slice : slice.slice(0, -1)
  if (fault !== undefined) throw fault.error
}

const rowsOfSlice = 500

interface Row {
  readonly record: Readonly<Record<string, string>>
  readonly info: { readonly lines: number }
}
