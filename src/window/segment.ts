/**
 * The whole shop (`all`), or those events that have a value: `dimension=value`, such as `currency=EUR`; of a combination
 * `country=DE × payment_method=paypal`.
 */
export type Segment = 'all' | `${string}=${string}`

export const isSegment = (value: unknown): value is Segment =>
  typeof value === 'string' && (value === 'all' || value.includes('='))
