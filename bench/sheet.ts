import Table from 'cli-table3'

/** A table to print: the first column is text, the others are figures. */
export interface Sheet {
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

export type Form = 'text' | 'markdown'

export const written = (sheet: Sheet, form: Form): string =>
  form === 'markdown' ? asMarkdown(sheet) : asText(sheet)

function asMarkdown({ head, rows }: Sheet): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map((_, index) => (index === 0 ? '---' : '---:'))), ...rows.map(line)].join(
    '\n'
  )
}

function asText({ head, rows }: Sheet): string {
  const table = new Table({
    head: [...head],
    style: { head: [], border: [] },
    colAligns: head.map((_, index) => (index === 0 ? 'left' : 'right'))
  })
  table.push(...rows.map(row => [...row]))
  return table.toString()
}
