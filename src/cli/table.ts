import Table from 'cli-table3'
import { visible } from '../telemetry/visible.ts'

const padding = 2
const leastOfTheLast = 18
const leastOfTheOther = 12

/** A table of texts within a terminal of that many columns: the last column gives way, then the one named. */
export function fittedTable(
  head: readonly string[],
  texts: readonly (readonly string[])[],
  width: number,
  giving = 0
): string {
  const rows = texts.map(row => row.map(visible))
  const needed = head.map(
    (title, at) => padding + Math.max(title.length, ...rows.map(row => (row[at] ?? '').length))
  )
  const room = width - (head.length + 1)
  const end = needed.length - 1
  const [other = 0, last = 0] = [needed[giving], needed[end]]
  const fixed = needed.reduce((sum, one, at) => (at === giving || at === end ? sum : sum + one), 0)
  const lastWidth = Math.min(last, Math.max(leastOfTheLast, room - fixed - other))
  const otherWidth = Math.min(other, Math.max(leastOfTheOther, room - fixed - lastWidth))
  const table = new Table({
    head: [...head],
    colWidths: needed.map((one, at) => (at === end ? lastWidth : at === giving ? otherWidth : one)),
    wordWrap: true,
    wrapOnWordBoundary: false,
    style: { head: [], border: [], compact: true }
  })
  for (const row of rows) table.push(row)
  return table.toString()
}
