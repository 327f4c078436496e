import { alternativesOf, firstOf, type Paths } from './alternatives.ts'
import { type Layout, type LineField, lineFields } from './layout.ts'
import { type Path, valueAt } from './path.ts'
import type { RawLine } from './record.ts'

/** Further products of a record are left out, which is a fault: two bytes could be a product. */
export const maxLines = 1_000

/** Reads the products of a record that lists them; undefined if no list of the layout has an entry. */
export type ReadLines = (record: object) => readonly RawLine[] | undefined

export const createReadLines = (layout: Layout): ReadLines => {
  const lists = listsOf(layout)
  return function readLines(record) {
    for (const { path, fields } of lists) {
      const entries = valueAt(record, path)
      if (!Array.isArray(entries) || entries.length === 0) continue
      return entries.slice(0, maxLines + 1).map(entry => ({
        product_id: fields.product_id(entry, record),
        category: fields.category(entry, record),
        price: fields.price(entry, record),
        quantity: fields.quantity(entry, record)
      }))
    }
    return undefined
  }
}

/** Whether a place is in the record itself, not in each entry of a list. */
export const isPlain = (paths: Paths): boolean =>
  paths.every(path => path.every(({ kind }) => kind !== 'each'))

interface List {
  readonly path: Path
  /** A field that no entry has is read from the record, the same for each line. */
  readonly fields: Readonly<Record<LineField, (entry: unknown, record: unknown) => unknown>>
}

function listsOf(layout: Layout): readonly List[] {
  const inLists = lineFields.flatMap(field => alternativesOf(layout, field).filter(paths => !isPlain(paths)))
  const byName = new Map(inLists.map(([path = []]) => [nameOf(path), listPathOf(path)]))
  return [...byName].map(([name, path]) => {
    const reader = (field: LineField) => {
      const alternatives = alternativesOf(layout, field)
      const within = alternatives
        .filter(paths => !isPlain(paths) && nameOf(paths[0] ?? []) === name)
        .map(([own = []]) => [own.slice(path.length + 1)])
      const ofEntry = firstOf(within, layout)
      const ofRecord = firstOf(alternatives.filter(isPlain), layout)
      return (entry: unknown, record: unknown) => (within.length > 0 ? ofEntry(entry) : ofRecord(record))
    }
    return {
      path,
      fields: {
        product_id: reader('product_id'),
        category: reader('category'),
        price: reader('price'),
        quantity: reader('quantity')
      }
    }
  })
}

const nameOf = (path: Path): string => JSON.stringify(listPathOf(path))

function listPathOf(path: Path): Path {
  return path.slice(
    0,
    path.findIndex(({ kind }) => kind === 'each')
  )
}
