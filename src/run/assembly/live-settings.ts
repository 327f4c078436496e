import type { Loaded } from '../../config/load.ts'
import { createStallVerdicts } from '../../selfcheck/stall-findings.ts'
import { createOutageVerdicts } from '../../selfcheck/store-outage.ts'
import type { LiveSettings } from '../live/types.ts'
import { incidentsSettingsOf } from './routes.ts'
import type { Stages } from './stages.ts'

/** What a reload can change, as the configuration has it now. */
export function liveSettingsOf({ config, hash }: Loaded, { calendar, newDetection }: Stages): LiveSettings {
  const isMuted = (kind: string) => (fromMs: number, toMs: number) =>
    calendar.mutes(kind, fromMs, toMs) !== undefined
  const { pipeline_stalled, store_unavailable } = config.detectors
  return {
    configHash: hash,
    detectors: [config.detectors, config.calendar, config.calendarFiles],
    newDetection,
    incidents: incidentsSettingsOf(config),
    stallVerdicts: createStallVerdicts(pipeline_stalled, isMuted('pipeline_stalled')),
    outageVerdicts: createOutageVerdicts(store_unavailable, isMuted('store_unavailable'))
  }
}
