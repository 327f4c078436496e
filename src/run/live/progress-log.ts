import type { Warmup } from '../../../detectors/types.ts'
import { minuteMs } from '../../time/units.ts'
import type { LiveStages } from './stages.ts'
import type { LiveOptions } from './types.ts'
import { createWarmUpLog } from './warm-up-log.ts'

/** Between lines while the past is read, and afterwards. */
const catchingUpMs = minuteMs / 2
const workingMs = 10 * minuteMs

/** Says in the log how far a start is, when detection begins, and every ten minutes that the instance works. */
export function createProgressLog(
  { windows: { sizeMs }, source, incidents, clock, log }: LiveOptions,
  { ownedWork, counts, decider, closedWindows }: LiveStages
): (isCaughtUp: boolean) => void {
  let stage: 'none' | 'standby' | 'catching up' | 'working' = 'none'
  let nextAt = 0
  const warmUpLog = createWarmUpLog(log)

  function figures() {
    const { lag } = source.state()
    return {
      events: counts.total(),
      windows: closedWindows(),
      lag: [...lag.values()].reduce((sum, one) => sum + one, 0),
      open_incidents: incidents.openIncidents().length
    }
  }

  function stageNow(isCaughtUp: boolean): typeof stage {
    if (source.state().role === 'standby') return 'standby'
    if (ownedWork.current() === undefined) return 'none'
    return isCaughtUp ? 'working' : 'catching up'
  }

  function lineOf(isNew: boolean): { readonly fields: object; readonly message: string } | undefined {
    switch (stage) {
      case 'none':
        return undefined
      case 'standby':
        return { fields: {}, message: 'standby: another instance is active' }
      case 'catching up': {
        const message = 'reading what the topics hold'
        return { fields: figures(), message: isNew ? message : `still ${message}` }
      }
      case 'working': {
        if (!isNew) return { fields: figures(), message: 'working' }
        const learned = detectionOf(decider.detection()?.warmup(), sizeMs)
        return { fields: { ...figures(), ...learned }, message: 'caught up' }
      }
      default:
        return stage satisfies never
    }
  }

  return function tick(isCaughtUp) {
    const now = clock.now()
    const next = stageNow(isCaughtUp)
    if (next === 'none' || next === 'standby') warmUpLog.forget()
    else warmUpLog.note(decider.detection()?.warmup())
    const isNew = next !== stage
    if (!isNew && now < nextAt) return
    stage = next
    nextAt = now + (stage === 'catching up' ? catchingUpMs : workingMs)
    const line = lineOf(isNew)
    if (line) log.info({ ...line.fields }, line.message)
  }
}

/** What was learned so far, and when windows are judged. */
export function detectionOf(warmup: readonly Warmup[] | undefined, sizeMs: number) {
  const seen = Math.max(0, ...(warmup ?? []).map(({ windowsSeen }) => windowsSeen))
  const missing = (warmup ?? []).map(({ windowsSeen, windowsNeeded }) => windowsNeeded - windowsSeen)
  const cold = missing.filter(windows => windows > 0)
  const first = Math.min(...missing)
  const inMinutes = (windows: number) => `${Math.ceil((windows * sizeMs) / minuteMs)} min of events`
  return { learned_windows: seen, detection: textOf() }

  function textOf(): string {
    if (missing.length === 0) return 'begins with the first window that closes'
    if (cold.length === 0) return 'on'
    if (first > 0) return `begins after ${inMinutes(first)}`
    return `on; ${cold.length} of ${missing.length} kinds need up to ${inMinutes(Math.max(...cold))} more`
  }
}
