import Table from 'cli-table3'
import { median } from 'simple-statistics'
import type { Run } from './measure.ts'

/** The runs side by side, pair by pair, and the median of each column. */
export function table(bare: readonly Run[], cartwatch: readonly Run[]): string {
  const rows = new Table({
    head: ['pair', 'bare ev/s', 'CPU s', 'peak MB', 'cartwatch ev/s', 'CPU s', 'peak MB', 'ratio'],
    style: { head: [], border: [] },
    colAligns: ['left', 'right', 'right', 'right', 'right', 'right', 'right', 'right']
  })
  const ratios = cartwatch.map(
    (run, pair) => run.eventsPerSecond / (bare[pair]?.eventsPerSecond ?? Number.NaN)
  )
  bare.forEach((run, pair) => {
    rows.push([pair + 1, ...cells(run), ...cells(cartwatch[pair]), ratio(ratios[pair])])
  })
  rows.push([
    'median',
    ...cells(medianRun(bare)),
    ...cells(medianRun(cartwatch)),
    ratio(ratios.length > 0 ? median(ratios) : undefined)
  ])
  return rows.toString()
}

function cells(run: Run | undefined): string[] {
  if (!run) return ['–', '–', '–']
  return [
    Math.round(run.eventsPerSecond).toLocaleString('en'),
    run.cpuSeconds.toFixed(2),
    (run.peakBytes / 1e6).toFixed(0)
  ]
}

function medianRun(runs: readonly Run[]): Run | undefined {
  if (runs.length === 0) return undefined
  const of = (pick: (run: Run) => number) => median(runs.map(pick))
  return {
    eventsPerSecond: of(run => run.eventsPerSecond),
    cpuSeconds: of(run => run.cpuSeconds),
    peakBytes: of(run => run.peakBytes)
  }
}

const ratio = (value: number | undefined) => (value === undefined ? '–' : value.toFixed(2))
