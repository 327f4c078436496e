import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createLabelFile } from '../../../producer/labels.ts'

test('labels are in their file as soon as their incident begins, and end where the stream does', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cartwatch-labels-'))
  try {
    const path = join(folder, 'labels.json')
    const read = () =>
      JSON.parse(readFileSync(path, 'utf8')).map((one: { kind: string; end: string }) => [
        one.kind,
        Date.parse(one.end)
      ])
    const label = (kind: 'payment_outage' | 'bot_flood', startMs: number, endMs: number) => ({
      kind,
      startMs,
      endMs,
      depth: 1
    })
    const labels = createLabelFile([label('payment_outage', 100, 200), label('bot_flood', 300, 400)], path)
    expect(read()).toEqual([])
    labels.reached(99)
    expect(read()).toEqual([])
    labels.reached(150)
    expect(read()).toEqual([['payment_outage', 200]])
    labels.reached(350)
    labels.ended(350)
    expect(read()).toEqual([
      ['payment_outage', 200],
      ['bot_flood', 350]
    ])
  } finally {
    rmSync(folder, { recursive: true })
  }
})
