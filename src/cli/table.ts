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
  const widths = needed.map((one, at) => (at === end ? lastWidth : at === giving ? otherWidth : one))
  const table = new Table({
    head: [...head],
    colWidths: widths,
    style: { head: [], border: [], compact: true }
  })
  for (const row of rows)
    table.push(row.map((text, at) => wrapped(text, (widths[at] ?? text.length) - padding)))
  return table.toString()
}

/** Lines of at most so many characters, broken between words, and within a word that is longer than a line. */
function wrapped(text: string, width: number): string {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`
    if (longer.length <= width) {
      line = longer
      continue
    }
    if (line !== '') lines.push(line)
    line = word
    while (line.length > width) {
      lines.push(line.slice(0, width))
      line = line.slice(width)
    }
  }
  return [...lines, line].join('\n')
}
