import { renameSync, writeFileSync } from 'node:fs'
import type { Label } from './plan.ts'

/** The incidents that a stream has had so far, kept in a file. */
export interface LabelFile {
  /** The stream has come so far; whoever reads the file sees the whole of it, old or new. */
  reached(timeMs: number): void
  /** The stream ended there: an incident that was under way ended with it. */
  ended(timeMs: number): void
}

/** Writes the labels as one JSON array of kind, start, end, depth and, where there is one, segment; at once without any. */
export function createLabelFile(labels: readonly Label[], path: string): LabelFile {
  let begun = 0
  const begunBy = (timeMs: number) => labels.filter(({ startMs }) => startMs <= timeMs)
  write([], path)
  return {
    reached(timeMs) {
      const now = begunBy(timeMs)
      if (now.length === begun) return
      begun = now.length
      write(now, path)
    },
    ended(timeMs) {
      write(
        begunBy(timeMs).map(label => ({ ...label, endMs: Math.min(label.endMs, timeMs) })),
        path
      )
    }
  }
}

function write(labels: readonly Label[], path: string): void {
  const rows = labels.map(({ kind, startMs, endMs, depth, segment }) =>
    JSON.stringify({
      kind,
      start: new Date(startMs).toISOString(),
      end: new Date(endMs).toISOString(),
      depth,
      segment
    })
  )
  writeFileSync(`${path}.new`, rows.length > 0 ? `[\n  ${rows.join(',\n  ')}\n]\n` : '[]\n')
  renameSync(`${path}.new`, path)
}
