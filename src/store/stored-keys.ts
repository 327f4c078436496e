/**
 * Keys of the JSON in the column `state` that the code calls otherwise. They never change: instances of other versions
 * read and write the same rows.
 */
export const incidentKeys = { lastNotified: 'told', suppressedReasons: 'mutedFor' } as const
export const notificationKeys = { inhibits: 'explains' } as const

type Keys = Readonly<Record<string, string>>

/** As JSON under its stored keys, each in its own place. */
export const toStored = (record: object, keys: Keys): string =>
  JSON.stringify(withKeys(record, new Map(Object.entries(keys))))

/** Back under the keys that the code uses. */
export const fromStored = (stored: object, keys: Keys): object =>
  withKeys(stored, new Map(Object.entries(keys).map(([ours, kept]) => [kept, ours])))

const withKeys = (record: object, keys: ReadonlyMap<string, string>): object =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [keys.get(key) ?? key, value]))
