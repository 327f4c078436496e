import type { Warmup } from '../../../detectors/types.ts'
import type { Logger } from '../../telemetry/types.ts'

type Warmth = 'cold' | 'begun' | 'warm'
const order: readonly Warmth[] = ['cold', 'begun', 'warm']

/** Says once when the first kinds are judged, and once when all are. */
export function createWarmUpLog(log: Pick<Logger, 'info'>) {
  let last: Warmth = 'cold'
  return {
    note(warmUp: readonly Warmup[] = []): void {
      const waiting = warmUp.filter(({ windowsSeen, windowsNeeded }) => windowsSeen < windowsNeeded)
      const next = waiting.length === 0 ? 'warm' : waiting.length < warmUp.length ? 'begun' : 'cold'
      if (warmUp.length === 0 || order.indexOf(next) <= order.indexOf(last)) return
      last = next
      const judged = warmUp.length - waiting.length
      const fields = { component: 'detection', kinds: judged, waiting: waiting.map(({ kind }) => kind) }
      log.info(
        fields,
        next === 'warm' ? 'warm-up over: every kind is judged' : 'warm-up over for the first kinds'
      )
    },
    /** Another instance works: what this one knows is gone. */
    forget(): void {
      last = 'cold'
    }
  }
}
