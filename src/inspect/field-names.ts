import type { ContractField, TypeMeaning } from '../decode/layout.ts'

/** What shops call a field, in small letters without separators, the likeliest first. */
export const fieldWords: Readonly<Record<ContractField, readonly string[]>> = {
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
    'visitorid',
    'memberid',
    'clientid',
    'anonymousid',
    'accountid',
    'buyerid',
    'distinctid',
    'uid',
    'user',
    'customer'
  ],
  session_id: ['sessionid', 'usersession', 'visitid', 'session', 'sid', 'visit'],
  product_id: [
    'productid',
    'itemid',
    'sku',
    'productsku',
    'articleid',
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
    'invoiceid'
  ],
  payment_method: ['paymentmethod', 'paymenttype', 'paymethod', 'paymentprovider', 'payment', 'tender'],
  country: ['country', 'countrycode', 'geocountry', 'shippingcountry', 'billingcountry', 'market', 'cc'],
  device: ['devicetype', 'devicecategory', 'device', 'formfactor', 'platform']
}

/** Words that say of what they are only together with what holds them: a customer's id, a product's name. */
const vagueWords: ReadonlySet<string> = new Set(['id', 'uuid', 'name', 'type', 'kind', 'count', 'amount'])
/** What holds a record's own fields. */
const holders: ReadonlySet<string> = new Set([
  'attributes',
  'body',
  'context',
  'data',
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

/** What a type's words mean, tried in this order. */
const meanings: readonly (readonly [pattern: RegExp, meaning: TypeMeaning | undefined])[] = [
  [/\b(wish ?list|cancell?(ed)?|updated?|shipped|delivered|failed)\b/, undefined],
  [/\b(refund(ed)?|return(ed)?)\b/, 'refund'],
  [
    /\b(remov\w*|delet\w*)\b.*\b(cart|basket|bag)\b|\b(cart|basket|bag)\b.*\b(remov\w*|delet\w*)\b/,
    'remove_from_cart'
  ],
  [
    /\badd\w*\b.*\b(cart|basket|bag)\b|\b(cart|basket|bag)\b.*\badd\w*\b|^addtocart$|^product added$/,
    'add_to_cart'
  ],
  [/^product removed$/, 'remove_from_cart'],
  [/\bcheckout\b.*\b(complete[d]?|success\w*|finished)\b/, 'purchase'],
  [
    /\b(begin|start\w*|initiat\w*|enter\w*)\b.*\bcheckout\b|\bcheckout\b.*\b(begin|start\w*|initiat\w*)\b|^checkout$/,
    'checkout_started'
  ],
  [/\b(purchase[d]?|buy|bought|transaction|sale)\b|^order$/, 'purchase'],
  [/\border\b.*\b(plac\w*|complet\w*|creat\w*|paid|confirm\w*|submitted)\b/, 'purchase'],
  [/\b(plac\w*|complet\w*|creat\w*|submit\w*)\b.*\border\b/, 'purchase'],
  [/\bsearch\w*\b/, 'search'],
  [
    /\b(product|item|article|pdp)\b.*\b(view\w*|detail\w*|impression)\b|\bview\w*\b.*\b(product|item|article)\b/,
    'product_view'
  ],
  [
    /^page ?views?$|\b(page|screen)\b.*\bview\w*\b|\bview\w*\b.*\b(page|screen)\b|^(page|screen)$/,
    'page_view'
  ]
]

/** What a type of this name most likely is; undefined where its name does not say. */
export function meaningOf(name: string): TypeMeaning | undefined {
  const words = name
    .slice(0, 100)
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, ' ')
    .trim()
  return meanings.find(([pattern]) => pattern.test(words))?.[1]
}

export const plainWord = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '')
