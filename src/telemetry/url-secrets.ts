/** A path shorter than this, such as `/hook`, hides nothing and is part of other texts. */
const leastPath = 6
/** A part of a path that is a secret by itself is as long as this, and no plain word. */
const leastPart = 6
const leastValue = 3
const secretName = /pass|token|key|secret|sig|auth/i

/**
 * The forms in which a text may give away an address that is a secret, the longest first: whole, its path, the parts of
 * the path that are no words, the values of its query, and its credentials.
 */
export function secretFormsOf(url: string): readonly string[] {
  const parsed = URL.parse(url)
  if (parsed === null) return [url]
  const { pathname, search } = parsed
  const paths = [`${pathname}${search}`, pathname].filter(path => path.length >= leastPath)
  const parts = pathname.split('/').filter(part => part.length >= leastPart && /[\dA-Z]/.test(part))
  const values = [...parsed.searchParams.values()].filter(value => value.length >= leastValue)
  const forms = [url, ...paths, ...[...parts, ...values].flatMap(spellings), ...credentialsIn(url)]
  return [...new Set(forms)].sort((a, b) => b.length - a.length)
}

/** What is secret in an address that itself is none: its password, and what its query calls one. */
export function credentialsIn(url: string): readonly string[] {
  const parsed = URL.parse(url)
  if (parsed === null) return []
  const values = [...parsed.searchParams].flatMap(([name, value]) => (secretName.test(name) ? [value] : []))
  return [parsed.password, ...values].filter(text => text !== '').flatMap(spellings)
}

function spellings(text: string): string[] {
  const plain = decoded(text)
  return [text, plain, encodeURIComponent(plain)]
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
