import { createWriteStream } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
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
