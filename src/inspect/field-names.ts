import type { LayoutField } from '../decode/layout.ts'

/** What shops call a field, in small letters without separators, the likeliest first. */
export const fieldWords: Readonly<Record<LayoutField, readonly string[]>> = {
  event_time: [
    'eventtime',
    'eventtimestamp',
    'timestamp',
    'occurredat',
    'ts',
    'time',
    'datetime',
    'createdat',
    'sentat',
    'date'
  ],
  event_type: ['eventtype', 'eventname', 'event', 'action', 'type', 'activity', 'verb', 'kind', 'name'],
  event_id: ['eventid', 'messageid', 'insertid', 'uuid', 'recordid', 'id'],
  user_id: [
    'userid',
    'customerid',
    'memberid',
    'accountid',
    'buyerid',
    'uid',
    'externalid',
    'user',
    'customer',
    'distinctid',
    'clientid',
    'anonymousid',
    'visitorid'
  ],
  session_id: [
    'sessionid',
    'usersession',
    'visitid',
    'session',
    'sid',
    'visit',
    'idvisit',
    'visitorid',
    'idvisitor',
    'anonymousid',
    'clientid',
    'cookieid',
    'browserid',
    'deviceid',
    'fbp',
    'distinctid'
  ],
  product_id: [
    'productid',
    'itemid',
    'sku',
    'productsku',
    'articleid',
    'contentid',
    'variantid',
    'article',
    'product',
    'item'
  ],
  category: [
    'category',
    'productcategory',
    'itemcategory',
    'categorycode',
    'categoryname',
    'department',
    'producttype',
    'categoryid'
  ],
  price: [
    'price',
    'unitprice',
    'itemprice',
    'productprice',
    'pricevalue',
    'unitamount',
    'priceamount',
    'amount'
  ],
  quantity: ['quantity', 'qty', 'units', 'pieces', 'count'],
  currency: ['currency', 'currencycode', 'pricecurrency', 'curr'],
  order_id: [
    'orderid',
    'transactionid',
    'ordernumber',
    'orderno',
    'purchaseid',
    'order',
    'transaction',
    'invoiceid',
    'incrementid',
    'purchaseorder',
    'receiptid'
  ],
  order_total: [
    'ordertotal',
    'totalprice',
    'grandtotal',
    'totalamount',
    'amounttotal',
    'ordervalue',
    'total',
    'revenue',
    'amountpaid',
    'value',
    'amount'
  ],
  payment_method: ['paymentmethod', 'paymenttype', 'paymethod', 'paymentprovider', 'payment', 'tender'],
  country: ['country', 'countrycode', 'geocountry', 'shippingcountry', 'billingcountry', 'market', 'cc'],
  device: ['devicetype', 'devicecategory', 'device', 'formfactor', 'platform']
}

/** Words that say of what they are only together with what holds them: a customer's id, a product's name. */
const vagueWords: ReadonlySet<string> = new Set([
  'id',
  'uuid',
  'name',
  'type',
  'kind',
  'count',
  'amount',
  'value'
])
/** What has categories that are no product's. */
const otherHolders: ReadonlySet<string> = new Set([
  'device',
  'os',
  'browser',
  'geo',
  'page',
  'user',
  'customer',
  'event'
])
export const isOfProduct = (holder: string | undefined): boolean =>
  holder === undefined || !otherHolders.has(plainWord(holder))
/** What holds a record's own fields. */
const holders: ReadonlySet<string> = new Set([
  'attributes',
  'body',
  'after',
  'context',
  'customdata',
  'data',
  'details',
  'ecommerce',
  'envelope',
  'event',
  'header',
  'headers',
  'message',
  'meta',
  'metadata',
  'payload',
  'properties',
  'record'
])

/** Whether the last name says by itself what its value is. */
export const speaksForItself = (name: string, holder: string | undefined): boolean =>
  holder === undefined || !vagueWords.has(plainWord(name)) || holders.has(plainWord(holder))

export const plainWord = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '')
