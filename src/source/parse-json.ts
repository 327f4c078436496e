/** The value of a JSON text; undefined where it is none: it may be another program's. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
