/** Two visits as tools of analytics write them, of which each buys: shapes after their public documentation. */

const iso = (second: number) => `2026-11-21T10:00:${String(second).padStart(2, '0')}.500Z`
const products = [
  { product_id: 'p-1', category: 'shoes', price: 10, quantity: 2 },
  { product_id: 'p-2', category: 'hats', price: 5, quantity: 1 }
]

const posthogEvent = (second: number, event: string, properties: object) => ({
  uuid: `018f-${second}`,
  event,
  distinct_id: `visitor-${second % 2}`,
  timestamp: iso(second),
  properties: {
    $session_id: `s-${second % 2}`,
    $device_type: 'Mobile',
    $geoip_country_code: 'SE',
    ...properties
  }
})
export const posthogEvents = [0, 1].flatMap(visit => [
  posthogEvent(visit, '$pageview', { $current_url: 'https://shop.test/' }),
  posthogEvent(visit + 2, 'Product Added', products[0] as object),
  posthogEvent(visit + 4, 'Order Completed', {
    order_id: `o-${visit}`,
    currency: 'USD',
    revenue: 25,
    products
  }),
  posthogEvent(visit + 6, '$autocapture', {})
])
/** As an export of the event table has them: the properties are a text. */
export const posthogRows = posthogEvents.map(({ properties, ...rest }) => ({
  ...rest,
  timestamp: rest.timestamp.replace('T', ' ').replace('Z', '000'),
  properties: JSON.stringify(properties)
}))
export const posthogBatches = [
  { api_key: 'phc_test', sent_at: iso(30), batch: posthogEvents.slice(0, 4) },
  { api_key: 'phc_test', sent_at: iso(31), batch: posthogEvents.slice(4) }
]

const rudderCall = (second: number, more: object) => ({
  messageId: `m-${second}`,
  channel: 'web',
  anonymousId: `a-${second % 2}`,
  originalTimestamp: iso(second),
  sentAt: iso(second + 1),
  context: { sessionId: 1_700_000_000 + (second % 2), library: { name: 'RudderLabs JavaScript SDK' } },
  integrations: { All: true },
  ...more
})
export const rudderstackCalls = [0, 1].flatMap(visit => [
  rudderCall(visit, { type: 'page', name: 'home', properties: { path: '/' } }),
  rudderCall(visit + 2, { type: 'track', event: 'Product Added', properties: products[0] }),
  rudderCall(visit + 4, {
    type: 'track',
    event: 'Order Completed',
    properties: { order_id: `o-${visit}`, currency: 'USD', total: 25, products }
  }),
  rudderCall(visit + 6, { type: 'identify', traits: { plan: 'x' } })
])

export const matomoVisits = [0, 1].map(visit => ({
  idSite: '1',
  idVisit: String(90 + visit),
  visitorId: `c0ffee0${visit}`,
  userId: null,
  siteCurrency: 'USD',
  countryCode: 'fr',
  deviceType: 'Smartphone',
  serverTimestamp: 1_795_255_200 + visit,
  lastActionTimestamp: 1_795_255_230,
  actionDetails: [
    { type: 'action', url: 'https://shop.test/', pageTitle: 'Home', timestamp: 1_795_255_200 + visit },
    { type: 'search', siteSearchKeyword: 'hat', timestamp: 1_795_255_203 + visit },
    {
      type: 'ecommerceOrder',
      orderId: `o-${visit}`,
      revenue: '27.00',
      revenueSubTotal: '25.00',
      itemDetails: products.map(product => ({
        itemSKU: product.product_id,
        itemName: product.product_id,
        itemCategory: product.category,
        price: product.price,
        quantity: product.quantity
      })),
      timestamp: 1_795_255_210 + visit
    },
    { type: 'event', eventCategory: 'ui', eventAction: 'open', timestamp: 1_795_255_212 + visit }
  ]
}))

const vendor = 'com_snowplowanalytics_snowplow_ecommerce'
const snowplowEvent = (second: number, eventName: string, more: object) => ({
  app_id: 'shop',
  platform: 'web',
  collector_tstamp: iso(second + 1),
  derived_tstamp: iso(second),
  event: eventName === 'page_view' ? 'page_view' : 'unstruct',
  event_name: eventName,
  event_id: `e-${second}`,
  domain_userid: `d-${second % 2}`,
  domain_sessionid: `s-${second % 2}`,
  geo_country: 'GB',
  dvce_type: 'Mobile',
  ...more
})
const snowplowProducts = products.map(({ product_id: id, ...rest }) => ({ id, currency: 'USD', ...rest }))
const action = (type: string) => ({ [`unstruct_event_${vendor}_snowplow_ecommerce_action_1`]: { type } })
export const snowplowEvents = [0, 1].flatMap(visit => [
  snowplowEvent(visit, 'page_view', {}),
  snowplowEvent(visit + 2, 'snowplow_ecommerce_action', {
    ...action('add_to_cart'),
    [`contexts_${vendor}_product_1`]: snowplowProducts.slice(0, 1)
  }),
  snowplowEvent(visit + 4, 'snowplow_ecommerce_action', {
    ...action('transaction'),
    [`contexts_${vendor}_product_1`]: snowplowProducts,
    [`contexts_${vendor}_transaction_1`]: [
      { transaction_id: `o-${visit}`, revenue: 27, currency: 'USD', payment_method: 'card' }
    ]
  })
])

const iglu = (name: string, data: unknown) => ({
  schema: `iglu:com.snowplowanalytics.snowplow.ecommerce/${name}/jsonschema/1-0-2`,
  data
})
const places = {
  app_id: 0,
  platform: 1,
  collector_tstamp: 3,
  event: 5,
  event_id: 6,
  domain_userid: 15,
  geo_country: 18,
  dvce_type: 101,
  domain_sessionid: 123,
  derived_tstamp: 124,
  event_name: 126
} as const

/** The same events as lines of 131 columns, with entities and the event's own data as JSON that says its schema. */
export const snowplowLines = snowplowEvents.map(event => {
  const cells: string[] = new Array(131).fill('')
  const fields: Readonly<Record<string, unknown>> = event
  for (const [name, place] of Object.entries(places))
    cells[place] = String(fields[name]).replace(/[TZ]/g, ' ').trim()
  cells[126] = String(event.event_name)
  const entities = ['product', 'transaction'].flatMap(name => {
    const list = fields[`contexts_${vendor}_${name}_1`]
    return Array.isArray(list) ? list.map(data => iglu(name, data)) : []
  })
  if (entities.length > 0)
    cells[52] = JSON.stringify({ schema: 'iglu:…/contexts/jsonschema/1-0-0', data: entities })
  const own = fields[`unstruct_event_${vendor}_snowplow_ecommerce_action_1`]
  if (own !== undefined)
    cells[58] = JSON.stringify({ schema: 'iglu:…', data: iglu('snowplow_ecommerce_action', own) })
  return cells.join('\t')
})
