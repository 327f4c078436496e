import { defineKind } from '../kind.ts'
import { section } from '../rules/options.ts'
import { rising, type ShareTexts, shareRiseDetector } from '../rules/share-rise.ts'

/** Events that came more than once, by their ids, within a window; or orders that came again within a day. */
export const duplicateSpike = defineKind({
  kind: 'duplicate_spike',
  metric: 'duplicate_rate',
  summary: 'Far more events or orders than usual come twice.',
  area: 'technical',
  about: 'data',
  source: 'windows',
  options: section(rising(0.05, 3)),
  create(series, options) {
    let orderId: string | undefined
    const events = shareRiseDetector('duplicate_rate', series.rate('duplicate_rate'), options, detailsOf)
    const orders = shareRiseDetector(
      'repeated_order_rate',
      series.rate('repeated_order_rate'),
      { ...options, maxPValue: options.maxPValue / 2 },
      texts => orderDetailsOf(texts, orderId)
    )
    return {
      // Events may have no ids, and then purchases may: either is enough.
      trainedWindows: () => Math.max(events.trainedWindows(), orders.trainedWindows()),
      judge(words, earlier, window) {
        orderId = window.orders?.repeated ?? orderId
        return events.judge(words, earlier, window) ?? orders.judge(words, earlier, window)
      }
    }
  }
})

const detailsOf = ({ now, usual, of, span }: ShareTexts) =>
  `${now} of ${of} events in ${span} came before, usually ${usual}. Counts are too high; an order that comes again counts once. Possible producer that sends again.`

const orderDetailsOf = ({ now, usual, of, span }: ShareTexts, orderId: string | undefined) =>
  `${now} of ${of} purchases in ${span} are of an order that came before${orderId === undefined ? '' : `, such as ${orderId}`}, usually ${usual}. They count once. Possible page that is loaded again, or webhooks that are delivered again.`
