import { defineKind } from '../kind.ts'
import { section } from '../rules/options.ts'
import { rising, type ShareTexts, shareRiseDetector } from '../rules/share-rise.ts'

/** Events that came more than once, by their ids, within a window. */
export const duplicateSpike = defineKind({
  kind: 'duplicate_spike',
  title: 'Duplicate spike',
  metric: 'duplicate_rate',
  summary: 'Far more events than usual come twice.',
  checkFirst:
    'Look for a producer that retries without idempotence, or a job that sends what it sent before.',
  area: 'technical',
  about: 'data',
  source: 'windows',
  options: section(rising(0.05, 3)),
  create: (series, options) =>
    shareRiseDetector('duplicate_rate', series.rate('duplicate_rate'), options, detailsOf)
})

const detailsOf = ({ now, usual, of, span }: ShareTexts) =>
  `${now} of ${of} events in ${span} came before, usually ${usual}. Counts and revenue are too high. Possible producer that sends again.`
