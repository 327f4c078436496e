import { phrase, type Said } from '../../src/language/phrase.ts'
import { defineKind } from '../kind.ts'
import { section } from '../rules/options.ts'
import { rising, type ShareFigures, shareRiseDetector } from '../rules/share-rise.ts'

/** Events that came after their windows had closed. */
export const lateSpike = defineKind({
  kind: 'late_spike',
  metric: 'late_rate',
  summary: 'Far more events than usual come too late for their windows.',
  area: 'technical',
  about: 'data',
  source: 'windows',
  judgesIncomplete: true,
  tuning: { key: 'above', stricter: 'higher', unit: 'share' },
  options: section(rising(0.05, 3)),
  create: (series, options) => shareRiseDetector('late_rate', series.rate('late_rate'), options, lateSaid)
})

const lateSaid = (figures: ShareFigures): Said => [
  phrase('finding.late_spike.late', figures),
  phrase('finding.late_spike.possible')
]
