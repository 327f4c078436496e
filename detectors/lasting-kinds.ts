import { hourMs } from '../src/time/units.ts'
import type { KindFound } from './findings.ts'
import type { Lasting } from './rules/lasting.ts'

/** For so long after a finding its condition may last on milder evidence. */
const longestMs = 2 * hourMs

interface Open {
  readonly lasting: () => Lasting
  readonly foundAt: number
}

/** Follows the conditions that were found in the whole shop until they are over. */
export function createLastingKinds() {
  const open = new Map<string, Open>()
  return {
    /** Takes in what was found at a window, and gives the kinds that last although they were not found there. */
    after(founds: readonly KindFound[], windowEnd: number): string[] {
      for (const { kind, found } of founds)
        if (found.lasting) open.set(kind, { lasting: found.lasting, foundAt: windowEnd })
      const lasting: string[] = []
      for (const [kind, { lasting: stands, foundAt }] of open) {
        if (foundAt === windowEnd) continue
        if (windowEnd - foundAt > longestMs || stands() === 'over') open.delete(kind)
        else lasting.push(kind)
      }
      return lasting
    }
  }
}
