import { z } from 'zod'
import { parseJson } from '../../source/parse-json.ts'

/** The last item of a page: its time and its id. */
type Place = readonly [ms: number, id: string]

const placeSchema = z.tuple([z.number(), z.string()])

/** Where the next page begins; null where this one was not full, so nothing is behind it. */
export function cursorBehind(last: Place | undefined, count: number, limit: number): string | null {
  return last === undefined || count < limit ? null : Buffer.from(JSON.stringify(last)).toString('base64url')
}

/** Undefined where none was given, null where it is none of ours. */
export function placeOfCursor(cursor: string | undefined): Place | undefined | null {
  if (cursor === undefined) return undefined
  return placeSchema.safeParse(parseJson(Buffer.from(cursor, 'base64url').toString())).data ?? null
}
