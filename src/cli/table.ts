import Table from 'cli-table3'
import { visible } from '../telemetry/visible.ts'

const padding = 2
const leastOfTheLast = 18
const leastOfTheFirst = 12

/** A table of texts within a terminal of that many columns: the first column and the last one give way. */
export function fittedTable(
  head: readonly string[],
  texts: readonly (readonly string[])[],
  width: number
): string {
  const rows = texts.map(row => row.map(visible))
  const needed = head.map(
    (title, at) => padding + Math.max(title.length, ...rows.map(row => (row[at] ?? '').length))
  )
  const room = width - (head.length + 1)
  const [first = 0, last = 0] = [needed[0], needed.at(-1)]
  const between = needed.slice(1, -1).reduce((sum, one) => sum + one, 0)
  const lastWidth = Math.min(last, Math.max(leastOfTheLast, room - between - first))
  const firstWidth = Math.min(first, Math.max(leastOfTheFirst, room - between - lastWidth))
  const table = new Table({
    head: [...head],
    colWidths: [firstWidth, ...needed.slice(1, -1), lastWidth],
    wordWrap: true,
    wrapOnWordBoundary: false,
    style: { head: [], border: [], compact: true }
  })
  for (const row of rows) table.push(row)
  return table.toString()
}
