import { deserialize, serialize } from 'node:v8'
import { deflateRawSync, inflateRawSync } from 'node:zlib'

/**
 * Puts plain data away as compressed bytes, and gives the way to have it back, the same to the last digit: of windows
 * there may be a day's, and as objects they would take ten times the memory.
 */
export function compress<T>(value: T): () => T {
  // A copy: what zlib gives may keep a larger buffer alive.
  const bytes = new Uint8Array(deflateRawSync(serialize(value), { level: 1 }))
  return () => deserialize(inflateRawSync(bytes)) as T
}
