/** Sets a key as the latest one of a map, and drops the oldest beyond `limit`. */
export function setRecent<Value>(map: Map<string, Value>, key: string, value: Value, limit: number): void {
  map.delete(key)
  map.set(key, value)
  if (map.size > limit) map.delete(map.keys().next().value as string)
}
