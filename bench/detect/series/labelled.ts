import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname, join, relative } from 'node:path'
import { parse } from 'csv-parse/sync'

/** The first and the last row of what people called an anomaly. */
export type Span = readonly [first: number, last: number]

/** A series with what people said of it. Rows have one value each. */
export interface Labelled {
  /** Its file below the folder. */
  readonly name: string
  readonly stepMs: number
  /** Times are not always a step apart. */
  readonly times: readonly number[]
  readonly values: readonly number[]
  readonly anomalies: readonly Span[]
}

/**
 * The series of a folder in the layout of Microsoft's cloud monitoring dataset: CSV files with `TimeStamp,Value,Label`,
 * label 1 in each row of an anomaly. Throws where a file is not so, naming it and its line.
 */
export function readCloud(folder: string): readonly Labelled[] {
  return csvFiles(folder).map(path => {
    const rows = rowsOf(path, ['TimeStamp', 'Value', 'Label'])
    const labels = rows.map(([, , label]) => label === '1')
    const anomalies: Span[] = labels.flatMap((isOdd, row): Span[] => {
      if (!isOdd || labels[row - 1]) return []
      const end = labels.indexOf(false, row)
      return [[row, (end === -1 ? labels.length : end) - 1]]
    })
    return { ...seriesOf(folder, path, rows), anomalies }
  })
}

/**
 * The series of a folder in the layout of the Numenta Anomaly Benchmark: CSV files with `timestamp,value` in folders, and
 * `combined_windows.json` with the spans of each. Throws where a file is not so, naming it.
 */
export function readNab(folder: string): readonly Labelled[] {
  const path = join(folder, 'combined_windows.json')
  const spans = JSON.parse(readFileSync(path, 'utf8')) as Readonly<
    Record<string, readonly (readonly [string, string])[]>
  >
  return csvFiles(folder).map(file => {
    const series = seriesOf(folder, file, rowsOf(file, ['timestamp', 'value']))
    const own = spans[join(basename(dirname(file)), basename(file))]
    if (!own) throw new Error(`${path}: has no entry for ${series.name}`)
    const anomalies = own.map(([from, to]): Span => {
      const span = [series.times.indexOf(msOf(from)), series.times.lastIndexOf(msOf(to))] as const
      if (span.includes(-1)) throw new Error(`${path}: ${from} or ${to} is no time of ${series.name}`)
      return span
    })
    return { ...series, anomalies }
  })
}

function csvFiles(folder: string): readonly string[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter(file => file.isFile() && file.name.endsWith('.csv'))
    .map(file => join(file.parentPath, file.name))
    .sort()
  if (files.length === 0) throw new Error(`${folder}: no CSV file in it`)
  return files
}

function rowsOf(path: string, head: readonly string[]): readonly (readonly string[])[] {
  const [first, ...all] = parse(readFileSync(path), { bom: true, skip_empty_lines: true }) as string[][]
  if (first?.join() !== head.join())
    throw new Error(`${path}:1: is ${first?.join()}; expected ${head.join()}`)
  for (const [index, [time = '', value = '']] of all.entries()) {
    if (Number.isNaN(msOf(time)) || !Number.isFinite(Number(value)))
      throw new Error(`${path}:${index + 2}: is ${time},${value}; expected a time and a number`)
  }
  // A row without a value is a window without one.
  return all.filter(([, value]) => value !== '')
}

function seriesOf(folder: string, path: string, rows: readonly (readonly string[])[]) {
  const times = rows.map(([time = '']) => msOf(time))
  const steps = times.slice(1).map((time, index) => time - (times[index] as number))
  const stepMs = steps.toSorted((a, b) => a - b)[steps.length >> 1]
  if (stepMs === undefined || stepMs <= 0) throw new Error(`${path}: its rows are not in the order of time`)
  return { name: relative(folder, path), stepMs, times, values: rows.map(([, value]) => Number(value)) }
}

/** Times without a zone are UTC. */
const msOf = (time: string): number => Date.parse(`${time.replace(' ', 'T').replace(/Z$/, '')}Z`)
