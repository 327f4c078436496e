import type { Anomaly } from '../types.ts'

/** What a message's advice is chosen by. */
export type Advised = Pick<Anomaly, 'kind' | 'segment' | 'evidence' | 'value' | 'expected' | 'explainedBy'>

/** What to check first where the whole shop, or what it sends, may be gone. */
export const shopGoneAdvice =
  'Open the shop from outside. Then look at DNS, the CDN, and whether the tracking still sends events.'

/** What to check first where one value of a dimension is concerned, not the whole shop. */
const ofDimension: ReadonlyMap<string, string> = new Map([
  [
    'payment_method',
    'Pay with this method. Then look at the status page of its provider and at its errors in the checkout.'
  ],
  [
    'country',
    'Open the shop as a visitor from this country: DNS, the CDN, block lists, and how one can pay and ship there.'
  ],
  [
    'device',
    'Go from a product page to an order on this device. Then look at what was deployed for it last.'
  ],
  [
    'category',
    'Open this category in the shop: stock, prices, search, and what was changed in the catalogue last.'
  ]
])
const ofOther =
  'Look at what only this segment has: its pages, its services, and what was changed for it last.'

/** A segment with so much of the change is where to look first. */
const mostOfIt = 0.6

/** What to check first where a finding is of one segment, or mostly explained by one; undefined for the whole shop. */
export function segmentAdvice({ segment, explainedBy }: Advised): string | undefined {
  const [first] = explainedBy ?? []
  const where = segment === 'all' ? first && first.share >= mostOfIt && first.segment : segment
  if (!where || where === 'all') return undefined
  // A combination is a value of each of its dimensions: none of them is the place to look at.
  if (where.includes(' × ')) return ofOther
  const dimension = where.slice(0, where.indexOf('='))
  return ofDimension.get(dimension) ?? ofOther
}
