import { z } from 'zod'
import { baselineSchema } from '../../detectors/baseline/options.ts'
import { type DetectorsOptions, kinds } from '../../detectors/catalogue.ts'
import { segmentsSchema } from '../../detectors/segments/options.ts'

/** The `detectors:` section: the baseline and each kind's own; every key has a default, an unknown one is refused. */
export const detectorsSchema = z
  .strictObject({
    baseline: baselineSchema,
    segments: segmentsSchema,
    ...Object.fromEntries(kinds.map(({ kind, options }) => [kind, options]))
  })
  .prefault({})
  .transform(value => value as unknown as DetectorsOptions)
