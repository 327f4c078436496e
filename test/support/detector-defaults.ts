import type { DetectorsOptions } from '../../detectors/catalogue.ts'
import { detectorsSchema } from '../../src/config/detectors.ts'

/** The shipped defaults. */
export const detectorDefaults: DetectorsOptions = detectorsSchema.parse({})
