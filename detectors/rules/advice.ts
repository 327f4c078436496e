import { english, type Translate } from '../../src/language/translator.ts'
import type { Anomaly } from '../types.ts'

/** What a message's advice is chosen by. */
export type Advised = Pick<Anomaly, 'kind' | 'segment' | 'evidence' | 'value' | 'expected' | 'explainedBy'>

/** What to check first where one value of a dimension is concerned, not the whole shop. */
const dimensions: ReadonlySet<string> = new Set(['payment_method', 'country', 'device', 'category'])

/** A segment with so much of the change is where to look first. */
const mostOfIt = 0.6

/** What to check first where a finding is of one segment, or mostly explained by one; undefined for the whole shop. */
export function segmentAdvice({ segment, explainedBy }: Advised, t: Translate = english): string | undefined {
  const [first] = explainedBy ?? []
  const where = segment === 'all' ? first && first.share >= mostOfIt && first.segment : segment
  if (!where || where === 'all') return undefined
  // A combination is a value of each of its dimensions: none of them is the place to look at.
  if (where.includes(' × ')) return t('advice.other_segment')
  const dimension = where.slice(0, where.indexOf('='))
  return t(`advice.${dimensions.has(dimension) ? dimension : 'other_segment'}`)
}
