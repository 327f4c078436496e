import { phrase, type Said } from '../../src/language/phrase.ts'
import { defineKind } from '../kind.ts'
import { section } from '../rules/options.ts'
import { rising, type ShareFigures, shareRiseDetector } from '../rules/share-rise.ts'

/** Events that came more than once, by their ids, within a window; or orders that came again within a day. */
export const duplicateSpike = defineKind({
  kind: 'duplicate_spike',
  metric: 'duplicate_rate',
  summary: 'Far more events or orders than usual come twice.',
  area: 'technical',
  about: 'data',
  source: 'windows',
  tuning: { key: 'above', stricter: 'higher', unit: 'share' },
  options: section(rising(0.05, 3)),
  create(series, options) {
    let orderId: string | undefined
    const events = shareRiseDetector('duplicate_rate', series.rate('duplicate_rate'), options, eventsSaid)
    const orders = shareRiseDetector(
      'repeated_order_rate',
      series.rate('repeated_order_rate'),
      { ...options, maxPValue: options.maxPValue / 2 },
      figures => ordersSaid(figures, orderId)
    )
    return {
      // Events may have no ids, and then purchases may: either is enough.
      trainedWindows: () => Math.max(events.trainedWindows(), orders.trainedWindows()),
      watches: [...(events.watches ?? []), ...(orders.watches ?? [])],
      judge(words, earlier, window) {
        orderId = window.orders?.repeated ?? orderId
        return events.judge(words, earlier, window) ?? orders.judge(words, earlier, window)
      }
    }
  }
})

const eventsSaid = (figures: ShareFigures): Said => [
  phrase('finding.duplicate_spike.events', figures),
  phrase('finding.duplicate_spike.events_possible')
]

const ordersSaid = (figures: ShareFigures, order: string | undefined): Said => [
  order === undefined
    ? phrase('finding.duplicate_spike.orders', figures)
    : phrase('finding.duplicate_spike.orders_such_as', { ...figures, order }),
  phrase('finding.duplicate_spike.orders_possible')
]
