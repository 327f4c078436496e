import type { JudgedWindow } from '../../../detectors/types.ts'
import type { BandFigures } from '../../telemetry/band-metrics.ts'

/** What kinds watch of the whole shop, as a window has it. */
export const bandFigures = ({ values, bands = new Map() }: JudgedWindow): readonly BandFigures[] =>
  [...bands].flatMap(([metric, bySegment]) => {
    const band = bySegment.get('all')
    if (band === undefined) return []
    const { expected, lower, upper } = band
    return [{ metric, value: values.get(metric)?.value ?? null, expected, lower, upper }]
  })
