import type { Layout } from '../layout.ts'

/** The messages that commercetools' subscriptions deliver, of orders; also as CloudEvents. Money names its currency. */
export const commercetools: Layout = {
  fields: {
    event_time: ['createdAt'],
    event_type: ['type'],
    event_id: ['id'],
    user_id: ['order.customerId', 'order.anonymousId'],
    session_id: ['order.cart.id'],
    product_id: ['order.lineItems[].productId', 'order.lineItems[].variant.sku'],
    category: ['order.lineItems[].productType.key'],
    price: ['order.lineItems[].price.discounted.value', 'order.lineItems[].price.value'],
    quantity: ['order.lineItems[].quantity'],
    order_total: ['order.totalPrice'],
    order_id: ['order.id', 'resource.id'],
    country: ['order.country', 'order.shippingAddress.country', 'order.billingAddress.country']
  },
  eventTypes: {
    OrderCreated: 'purchase',
    OrderImported: 'other',
    OrderDeleted: 'other',
    OrderStateChanged: 'other',
    OrderStateTransition: 'other',
    OrderPaymentStateChanged: 'other',
    OrderPaymentAdded: 'other',
    OrderShipmentStateChanged: 'other',
    OrderCustomerSet: 'other',
    OrderCustomerEmailSet: 'other',
    OrderShippingAddressSet: 'other',
    OrderBillingAddressSet: 'other',
    OrderLineItemAdded: 'other',
    LineItemStateTransition: 'other',
    DeliveryAdded: 'other',
    DeliveryItemsUpdated: 'other',
    ParcelAddedToDelivery: 'other',
    ReturnInfoAdded: 'refund',
    ReturnInfoSet: 'other',
    PaymentCreated: 'other',
    PaymentTransactionAdded: 'other',
    PaymentTransactionStateChanged: 'other',
    CustomerCreated: 'other',
    CartCreated: 'other'
  },
  timeUnit: 'auto',
  absent: []
}
