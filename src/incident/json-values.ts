import { z } from 'zod'
import { severities } from '../../detectors/types.ts'
import type { Said } from '../language/phrase.ts'
import { units } from '../metrics/types.ts'
import { isSegment, type Segment } from '../window/segment.ts'

export const segmentSchema = z.custom<Segment>(isSegment, 'expected all or dimension=value')

export const severitySchema = z.enum(severities)

export const unitSchema = z.enum(units)

/** JSON has null for a number that is not finite; such a row must not keep an instance from starting. */
export const measuredNumber = z.custom<number>(
  value => value === null || typeof value === 'number',
  'expected a number'
)

/** A sentence in phrases, checked where it is said: of one that another version writes otherwise its English text is left. */
export const saidSchema = z.custom<Said>().optional()

export const segmentShares = z
  .array(
    z
      .object({
        segment: segmentSchema,
        share: measuredNumber,
        value: measuredNumber,
        expected: measuredNumber
      })
      .readonly()
  )
  .readonly()
