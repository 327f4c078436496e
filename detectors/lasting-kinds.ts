import { hourMs } from '../src/time/units.ts'
import type { KindFound } from './findings.ts'
import type { LastingMeasure } from './rules/lasting.ts'

/** For so long after a finding its condition may last on milder evidence. */
const longestMs = 2 * hourMs

interface Open {
  readonly lasting: LastingMeasure
  readonly foundAt: number
  /** Of a condition whose level was believed: how it stands against the level of before. */
  readonly believed: LastingMeasure | undefined
}

/** The kinds that were not found at a window. */
export interface NotFound {
  /** Their condition lasts. */
  readonly lasting: readonly string[]
  /** It is over: what was believed to be a new level is left, and the one of before is back. */
  readonly back: readonly string[]
}

/** Follows the conditions that were found in the whole shop until they are over. */
export function createLastingKinds() {
  const open = new Map<string, Open>()
  return {
    /** Takes in what was found at a window. */
    after(founds: readonly KindFound[], windowEnd: number): NotFound {
      for (const { kind, found } of founds) {
        const { lasting } = found
        if (lasting) open.set(kind, { lasting, foundAt: windowEnd, believed: open.get(kind)?.believed })
      }
      const lasting: string[] = []
      const back: string[] = []
      for (const [kind, one] of open) {
        if (one.foundAt === windowEnd) continue
        if (windowEnd - one.foundAt > longestMs) open.delete(kind)
        else if (isLasting(one)) lasting.push(kind)
        // A window may say so by chance, and nothing would find it anew: the next one is asked again.
        else if (one.believed) back.push(kind)
        else open.delete(kind)
      }
      return { lasting, back }
    },
    /** Levels are believed from here on: against them no condition shows, though it may last. */
    believe(): void {
      for (const [kind, one] of open) open.set(kind, { ...one, believed: one.believed ?? one.lasting })
    }
  }
}

const isLasting = ({ lasting, believed }: Open): boolean =>
  believed ? believed('former') !== 'over' : lasting('expected') !== 'over'
