import { hourMs } from '../../src/time/units.ts'
import { kindOf } from '../kind-of.ts'

/** A time that is known to be unlike others, [fromMs, toMs). */
export interface CalendarEntry {
  readonly name: string
  readonly fromMs: number
  readonly toMs: number
  readonly effect: 'mute' | 'widen'
  /** How many times as far as usual everything may stray while it is widened. */
  readonly factor: number
  /** Kinds that it holds for; absent: all but those about the pipeline, which a holiday does not explain. */
  readonly kinds?: readonly string[] | undefined
}

/** The entries that begin or end in a year of UTC, or last over it. */
export type EntriesOfYear = (year: number) => readonly CalendarEntry[]

const reachMs = hourMs

export function createCalendar(entriesOf: EntriesOfYear) {
  const years = new Map<number, readonly CalendarEntry[]>()

  function entriesOfYear(year: number): readonly CalendarEntry[] {
    const known = years.get(year)
    if (known) return known
    const fresh = entriesOf(year)
    years.set(year, fresh)
    return fresh
  }

  function touching(fromMs: number, toMs: number): readonly CalendarEntry[] {
    return entriesOfYear(new Date(toMs).getUTCFullYear()).filter(
      entry => entry.fromMs < toMs && entry.toMs > fromMs
    )
  }

  return {
    /** The entry that touches a span and mutes this kind in it. */
    mutes: (kind: string, fromMs: number, toMs: number) =>
      touching(fromMs, toMs).find(entry => entry.effect === 'mute' && holdsFor(entry, kind)),
    /** The entry that widens this kind at a time by most; it goes on while spans still reach back into it. */
    widens: (kind: string, atMs: number) =>
      touching(atMs - reachMs, atMs + 1)
        .filter(entry => entry.effect === 'widen' && holdsFor(entry, kind))
        .toSorted((a, b) => b.factor - a.factor)[0],
    /** Whether a span is one that nothing is to be learned from. */
    isOff: (fromMs: number, toMs: number) =>
      touching(fromMs, toMs).some(({ effect, kinds }) => effect === 'mute' && kinds === undefined)
  }
}

/** The same, and further spans that nothing is to be learned from. */
export const withOff = (calendar: Calendar, isOff: Calendar['isOff']): Calendar => ({
  ...calendar,
  isOff: (fromMs, toMs) => calendar.isOff(fromMs, toMs) || isOff(fromMs, toMs)
})

function holdsFor({ kinds }: CalendarEntry, kind: string): boolean {
  return kinds ? kinds.includes(kind) : kindOf(kind)?.about !== 'pipeline'
}

export type Calendar = ReturnType<typeof createCalendar>
