import Table from 'cli-table3'
import { visible } from '../telemetry/visible-text.ts'

const padding = 2
const leastLast = 18
const leastOther = 12

/** A table of texts within a terminal of that many columns: the last column gives way, then the one named. `compact` draws no lines between rows. */
export function textTable(
  head: readonly string[],
  texts: readonly (readonly string[])[],
  width: number,
  giving = 0,
  compact = true
): string {
  const rows = texts.map(row => row.map(visible))
  const needed = head.map(
    (title, at) => padding + Math.max(title.length, ...rows.map(row => (row[at] ?? '').length))
  )
  const room = width - (head.length + 1)
  const end = needed.length - 1
  const [other = 0, last = 0] = [needed[giving], needed[end]]
  const fixed = needed.reduce((sum, one, at) => (at === giving || at === end ? sum : sum + one), 0)
  const lastWidth = Math.min(last, Math.max(leastLast, room - fixed - other))
  const otherWidth = Math.min(other, Math.max(leastOther, room - fixed - lastWidth))
  const widths = needed.map((one, at) => (at === end ? lastWidth : at === giving ? otherWidth : one))
  const table = new Table({
    head: [...head],
    colWidths: widths,
    wordWrap: true,
    style: { head: [], border: [], compact }
  })
  for (const row of rows) table.push(row.map((text, at) => breakable(text, (widths[at] ?? 0) - padding)))
  return table.toString()
}

/** The table cuts off what is longer than a line and holds no space. */
const breakable = (text: string, width: number): string =>
  text.replaceAll(new RegExp(`\\S{${width}}(?=\\S)`, 'g'), '$& ')
