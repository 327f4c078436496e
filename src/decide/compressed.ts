import { deserialize, serialize } from 'node:v8'
import { deflateRawSync, inflateRawSync } from 'node:zlib'

/** Plain data that may wait as compressed bytes, a tenth of the memory of its objects, and comes back the same. */
export interface Compressible<T> {
  get(): T
  compress(): void
  isCompressed(): boolean
}

export function compressible<T>(value: T): Compressible<T> {
  let held: { readonly value: T } | { readonly bytes: Uint8Array } = { value }
  return {
    isCompressed: () => 'bytes' in held,
    get: () => ('value' in held ? held.value : (deserialize(inflateRawSync(held.bytes)) as T)),
    compress() {
      if ('bytes' in held) return
      // A copy: what zlib gives may keep a larger buffer alive.
      held = { bytes: new Uint8Array(deflateRawSync(serialize(held.value), { level: 1 })) }
    }
  }
}
