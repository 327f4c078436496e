/** Keys that the code uses, each with the key that JSON in the column `state` has for it. */
type Keys = Readonly<Record<string, string>>

type OwnKey<Stored, K extends Keys> = { [Own in keyof K]: K[Own] extends Stored ? Own : never }[keyof K]
type WithOwnKeys<T, K extends Keys> = {
  [Stored in keyof T as [OwnKey<Stored, K>] extends [never] ? Stored : OwnKey<Stored, K>]: T[Stored]
}

/** As JSON under its stored keys, each in its own place. Instances of all versions read and write the same rows. */
export const toStored = (record: object, keys: Keys): string =>
  JSON.stringify(withKeys(record, new Map(Object.entries(keys))))

/** Back under the keys that the code uses. */
export const fromStored = <T extends object, K extends Keys>(stored: T, keys: K): WithOwnKeys<T, K> =>
  withKeys(stored, new Map(Object.entries(keys).map(([own, kept]) => [kept, own]))) as WithOwnKeys<T, K>

const withKeys = (record: object, keys: ReadonlyMap<string, string>): object =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [keys.get(key) ?? key, value]))
