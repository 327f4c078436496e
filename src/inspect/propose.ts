import { type LayoutField, type LineField, layoutFields, lineFields } from '../decode/layout.ts'
import { type Records, scoreOf } from './candidates.ts'
import type { PathValues } from './survey.ts'

/** Paths for fields, as `events.fields` takes them. */
export type Proposed = Partial<Record<LayoutField, readonly string[]>>

export interface ProposeOptions extends Records {
  /** Fields that have no place yet. */
  readonly wanted: ReadonlySet<LayoutField>
  /** Paths that have a meaning already. */
  readonly taken: ReadonlySet<string>
  /** Each record is one thing of the shop and says no type: its id is the thing's, not the event's. */
  readonly areThings: boolean
}

/** Where the fields most likely are, by names and values. No path gets two meanings: the likelier one. */
export function proposeFields(survey: readonly PathValues[], options: ProposeOptions): Proposed {
  const { wanted, areThings } = options
  const taken = new Set(options.taken)
  const products = productList(survey, options)
  const candidates = layoutFields
    .filter(field => wanted.has(field))
    .flatMap(field =>
      survey.map(seen => ({
        field,
        seen,
        score: mayHold(field, seen, products) ? scoreOf(field, seen, options) : 0
      }))
    )
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
  const inList: Proposed = {}
  const plain: Proposed = {}
  for (const { field, seen } of candidates) {
    const into = seen.list === undefined ? plain : inList
    if (into[field] !== undefined || taken.has(seen.path)) continue
    into[field] = [seen.path]
    taken.add(seen.path)
  }
  const isId = plain.event_id?.[0] === 'id' && plain.order_id === undefined && wanted.has('order_id')
  if (areThings && isId) {
    plain.order_id = plain.event_id ?? []
    delete plain.event_id
  }
  const hasPrice = plain.price !== undefined || !wanted.has('price')
  return Object.fromEntries(
    layoutFields.flatMap(field => {
      const paths = [...(inList[field] ?? []), ...(plain[field] ?? [])]
      // The price of a flat record is its money: a total beside it only costs time.
      const isNeeded = paths.length > 0 && !(field === 'order_total' && hasPrice)
      return isNeeded ? [[field, paths] as const] : []
    })
  )
}

/** Only the fields of a line are in lists, and all in one. */
const mayHold = (field: LayoutField, { list }: PathValues, products: string | undefined): boolean =>
  list === undefined || (isLineField(field) && list === products)

/** The list whose entries look most like products: they have a price, and what else a line has. */
function productList(survey: readonly PathValues[], options: Records): string | undefined {
  const scores = new Map<string, number>()
  for (const seen of survey) {
    if (seen.list === undefined) continue
    const score = Math.max(...lineFields.map(field => scoreOf(field, seen, options)))
    scores.set(seen.list, (scores.get(seen.list) ?? 0) + Math.max(0, score))
  }
  const [first] = [...scores].filter(([, score]) => score > 0).sort(([, a], [, b]) => b - a)
  return first?.[0]
}

const isLineField = (field: LayoutField): field is LineField => lineFields.some(each => each === field)
