import { distance } from 'fastest-levenshtein'

/** The candidate that is the likeliest meaning of a mistyped word; undefined where none is close enough. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  const wanted = plain(word)
  let best: string | undefined
  let bestDistance = Math.max(1, Math.floor(wanted.length * 0.4)) + 1
  for (const candidate of candidates) {
    const distance = begins(wanted, plain(candidate)) ? 1 : errorsBetween(wanted, plain(candidate))
    if (distance < bestDistance) {
      best = candidate
      bestDistance = distance
    }
  }
  return best
}

/** An abbreviation, or a word too many: session and session_timeout, warning and warn. */
function begins(one: string, other: string): boolean {
  const [short, long] = one.length < other.length ? [one, other] : [other, one]
  return short.length >= 3 && long.startsWith(short)
}

/** Case and separators are not what a reader mistypes: sessionTimeout, session-timeout and session_timeout are one. */
function plain(word: string): string {
  return word.toLowerCase().replace(/[\s_-]/g, '')
}

/** Insertions, deletions, replacements and a swap of neighbours that lead from one word to the other. */
function errorsBetween(from: string, to: string): number {
  const swapped = Array.from(
    from.slice(1),
    (next, at) => from.slice(0, at) + next + from[at] + from.slice(at + 2)
  )
  return Math.min(distance(from, to), ...swapped.map(word => 1 + distance(word, to)))
}
