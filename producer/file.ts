import { createWriteStream } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import type { Label } from './plan.ts'
import type { ShopRecord } from './record.ts'

/** Takes each batch once it is written. */
export type Progress = (batch: readonly ShopRecord[]) => void

/** Writes NDJSON to a file, compressed if its name ends in `.gz`, or to standard output for `-`. */
export async function writeRecords(
  batches: AsyncIterable<readonly ShopRecord[]>,
  path: string,
  onProgress: Progress = () => {}
): Promise<void> {
  const source = Readable.from(textOf(batches, onProgress), { objectMode: false, highWaterMark: 1 << 20 })
  if (path === '-') await pipeline(source, process.stdout, { end: false })
  else if (path.endsWith('.gz')) await pipeline(source, createGzip({ level: 6 }), createWriteStream(path))
  else await pipeline(source, createWriteStream(path))
}

/** Writes the labels as one JSON array of kind, start, end, depth and, where there is one, segment. */
export async function writeLabels(labels: readonly Label[], path: string): Promise<void> {
  const rows = labels.map(({ kind, startMs, endMs, depth, segment }) =>
    JSON.stringify({
      kind,
      start: new Date(startMs).toISOString(),
      end: new Date(endMs).toISOString(),
      depth,
      segment
    })
  )
  await writeFile(path, rows.length > 0 ? `[\n  ${rows.join(',\n  ')}\n]\n` : '[]\n')
}

async function* textOf(
  batches: AsyncIterable<readonly ShopRecord[]>,
  onProgress: Progress
): AsyncGenerator<string> {
  for await (const batch of batches) {
    let text = ''
    for (const { line } of batch) text += `${line}\n`
    yield text
    onProgress(batch)
  }
}
