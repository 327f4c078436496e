import { StoreError } from './errors.ts'

/** Why the store fails: a closed list, for pages, metrics and messages. */
export const storeReasons = [
  'unreachable',
  'timeout',
  'refused',
  'read_only',
  'out_of_disk',
  'out_of_memory',
  'overloaded',
  'tables_missing',
  'newer_schema',
  'folder',
  'query',
  'unknown'
] as const
export type StoreReason = (typeof storeReasons)[number]

/** A store that fails: why, in the store's own words, and since when, in milliseconds. */
export interface StoreFault {
  readonly reason: StoreReason
  readonly error: string
  readonly since: number
}

/** ClickHouse's exception codes that mean more than a query that fails. */
const reasonsByCode: ReadonlyMap<number, StoreReason> = new Map([
  [60, 'tables_missing'],
  [81, 'tables_missing'],
  [164, 'read_only'],
  [202, 'overloaded'],
  [241, 'out_of_memory'],
  [242, 'read_only'],
  [243, 'out_of_disk'],
  [252, 'overloaded'],
  [497, 'refused'],
  [745, 'overloaded']
])

const noSpace = /no space left/i

/** The reason behind whatever a store's call was rejected with. */
export function storeReasonOf(error: unknown): StoreReason {
  if (!(error instanceof StoreError)) return 'unknown'
  switch (error.code) {
    case 'UNREACHABLE':
      return 'unreachable'
    case 'TIMEOUT':
      return 'timeout'
    case 'AUTHENTICATION':
      return 'refused'
    case 'NEWER_SCHEMA':
      return 'newer_schema'
    case 'EMBEDDED_MISSING':
      return 'folder'
    case 'FOLDER_LOCKED':
      return noSpace.test(error.message) ? 'out_of_disk' : 'folder'
    case 'QUERY':
      return noSpace.test(error.message)
        ? 'out_of_disk'
        : (reasonsByCode.get(error.exception ?? 0) ?? 'query')
    default:
      throw error.code satisfies never
  }
}
