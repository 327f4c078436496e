import type { Layout } from '../layout.ts'

/** Visits as Matomo's Live API gives them: each action of a visit is an event. */
export const matomo: Layout = {
  fields: {
    event_time: ['timestamp', 'serverTimestamp'],
    event_type: ['type'],
    user_id: ['userId', 'visitorId'],
    session_id: ['idVisit'],
    product_id: ['itemDetails[].itemSKU', 'productViewSku'],
    category: ['itemDetails[].itemCategory', 'productViewCategories[0]'],
    price: ['itemDetails[].price', 'productViewPrice'],
    quantity: ['itemDetails[].quantity'],
    currency: ['siteCurrency'],
    order_total: ['revenue'],
    order_id: ['orderId'],
    country: ['countryCode'],
    device: ['deviceType']
  },
  eventTypes: {
    action: 'page_view',
    search: 'search',
    ecommerceOrder: 'purchase',
    ecommerceAbandonedCart: 'other',
    event: 'other',
    goal: 'other',
    download: 'other',
    outlink: 'other',
    contentImpression: 'other',
    contentInteraction: 'other',
    form: 'other',
    media: 'other'
  },
  timeUnit: 'auto',
  absent: [],
  structure: { eventsIn: 'actionDetails[]' }
}
