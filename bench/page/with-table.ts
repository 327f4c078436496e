/** A page with another table between `<!-- measured: NAME -->` and `<!-- end -->`. Throws where it has no such place. */
export function withTable(page: string, name: string, table: string): string {
  const begin = `<!-- measured: ${name} -->`
  const [before, behind] = page.split(begin)
  const end = behind?.indexOf('<!-- end -->') ?? -1
  if (before === undefined || behind === undefined || end === -1)
    throw new Error(`the page has no place for the table ${name}`)
  return `${before}${begin}\n${table}\n${behind.slice(end)}`
}
