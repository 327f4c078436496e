import type { Layout } from '../layout.ts'

const ecommerce = 'com_snowplowanalytics_snowplow_ecommerce'
const product = `contexts_${ecommerce}_product_1`
const transaction = `contexts_${ecommerce}_transaction_1[0]`
const refund = `contexts_${ecommerce}_refund_1[0]`

/** Snowplow's enriched events, as lines of tabs or as its analytics SDKs write them in JSON. */
export const snowplow: Layout = {
  fields: {
    event_time: ['derived_tstamp', 'collector_tstamp'],
    event_type: [`unstruct_event_${ecommerce}_snowplow_ecommerce_action_1.type`, 'event_name', 'event'],
    event_id: ['event_id'],
    user_id: ['user_id', 'domain_userid', 'network_userid'],
    session_id: [
      'domain_sessionid',
      'contexts_com_snowplowanalytics_snowplow_client_session_1[0].sessionId',
      'domain_userid'
    ],
    product_id: [`${product}[].id`, 'ti_sku'],
    category: [`${product}[].category`, 'ti_category'],
    price: [`${product}[].price`, 'ti_price'],
    quantity: [`${product}[].quantity`, 'ti_quantity'],
    currency: [`${transaction}.currency`, `${product}[0].currency`, `${refund}.currency`, 'tr_currency'],
    order_total: [`${transaction}.revenue`, `${refund}.refund_amount`, 'tr_total'],
    order_id: [`${transaction}.transaction_id`, `${refund}.transaction_id`, 'tr_orderid'],
    payment_method: [`${transaction}.payment_method`],
    country: ['geo_country'],
    device: ['dvce_type', 'platform']
  },
  eventTypes: {
    page_view: 'page_view',
    screen_view: 'page_view',
    site_search: 'search',
    product_view: 'product_view',
    add_to_cart: 'add_to_cart',
    remove_from_cart: 'remove_from_cart',
    checkout_step: 'checkout_started',
    transaction: 'purchase',
    refund: 'refund',
    application_background: 'other',
    application_foreground: 'other',
    change_form: 'other',
    event: 'other',
    focus_form: 'other',
    link_click: 'other',
    list_click: 'other',
    list_view: 'other',
    page_ping: 'other',
    promo_click: 'other',
    promo_view: 'other',
    struct: 'other',
    submit_form: 'other',
    trans_error: 'other',
    transaction_error: 'other',
    transaction_item: 'other'
  },
  timeUnit: 'auto',
  absent: [],
  structure: { text: 'snowplow_tsv' }
}
