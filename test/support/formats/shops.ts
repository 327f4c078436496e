/** Orders as the webhooks of shop systems send them: shapes after their public documentation, values of our own. */

const at = (second: number) => `2026-11-21T10:00:${String(second).padStart(2, '0')}`

const shopifyOrder = (number: number, more: object = {}) => ({
  id: 5_000_000_000_000 + number,
  admin_graphql_api_id: `gid://shopify/Order/${5_000_000_000_000 + number}`,
  name: `#${2_000 + number}`,
  order_number: 2_000 + number,
  created_at: `${at(number)}-05:00`,
  updated_at: `${at(number + 1)}-05:00`,
  processed_at: `${at(number)}-05:00`,
  test: false,
  currency: 'USD',
  total_price: '45.00',
  subtotal_price: '40.00',
  financial_status: 'paid',
  payment_gateway_names: ['shopify_payments'],
  cart_token: `cart-${number}`,
  customer: { id: 700 + number, email: 'someone@shop.test' },
  shipping_address: { country_code: 'CA', city: 'Montreal' },
  line_items: [
    { id: 1, product_id: 31, sku: 'HAT-1', title: 'Hat', price: '15.00', quantity: 2 },
    { id: 2, product_id: 32, sku: 'MUG-1', title: 'Mug', price: '10.00', quantity: 1 }
  ],
  ...more
})

export const shopifyOrders = [shopifyOrder(1), shopifyOrder(2), shopifyOrder(3, { test: true })]

const wooOrder = (number: number, more: object = {}) => ({
  id: 800 + number,
  number: String(800 + number),
  order_key: `wc_order_${number}`,
  status: 'processing',
  currency: 'USD',
  date_created: at(number + 1),
  date_created_gmt: at(number),
  date_modified_gmt: at(number + 2),
  total: '44.00',
  total_tax: '4.00',
  customer_id: 0,
  billing: { country: 'AT', city: 'Graz' },
  payment_method: 'bacs',
  payment_method_title: 'Bank transfer',
  line_items: [{ id: 1, name: 'Lamp', product_id: 93, quantity: 2, total: '40.00', sku: 'LAMP', price: 20 }],
  ...more
})

export const wooOrders = [wooOrder(1), wooOrder(2), wooOrder(3, { status: 'failed' })]

const cents = (centAmount: number) => ({
  type: 'centPrecision',
  currencyCode: 'USD',
  centAmount,
  fractionDigits: 2
})
const message = (number: number, type: string, more: object) => ({
  notificationType: 'Message',
  projectKey: 'a-shop',
  id: `m-${number}`,
  version: 1,
  sequenceNumber: number,
  resource: { typeId: 'order', id: `order-${number}` },
  resourceVersion: 1,
  type,
  createdAt: `${at(number)}.250Z`,
  lastModifiedAt: `${at(number)}.250Z`,
  ...more
})
const commercetoolsOrder = (number: number) => ({
  id: `order-${number}`,
  orderNumber: `R-${number}`,
  customerId: `c-${number}`,
  totalPrice: cents(3_500),
  country: 'DE',
  lineItems: [
    { id: 'l-1', productId: 'p-1', variant: { sku: 'V-1' }, quantity: 2, price: { value: cents(1_250) } },
    {
      id: 'l-2',
      productId: 'p-2',
      variant: { sku: 'V-2' },
      quantity: 1,
      price: { value: cents(1_500), discounted: { value: cents(1_000) } }
    }
  ]
})

export const commercetoolsMessages = [
  message(1, 'OrderCreated', { order: commercetoolsOrder(1) }),
  message(2, 'OrderCreated', { order: commercetoolsOrder(2) }),
  message(1, 'OrderPaymentStateChanged', { paymentState: 'Paid' })
]
