import type { TypeMeaning } from '../decode/layout.ts'

/** What a type's words mean, tried in this order. */
const meanings: readonly (readonly [pattern: RegExp, meaning: TypeMeaning | undefined])[] = [
  [/\b(wish ?list|cancell?(ed)?|updated?|shipped|delivered|failed)\b/, undefined],
  [/\b(refund(ed)?|return(ed)?)\b/, 'refund'],
  [
    /\b(remov\w*|delet\w*)\b.*\b(cart|basket|bag)\b|\b(cart|basket|bag)\b.*\b(remov\w*|delet\w*)\b/,
    'remove_from_cart'
  ],
  [
    /\badd\w*\b.*\b(cart|basket|bag)\b|\b(cart|basket|bag)\b.*\badd\w*\b|^addtocart$|^product added$|^add\w* product$/,
    'add_to_cart'
  ],
  [/^(product removed|remove\w* product)$/, 'remove_from_cart'],
  [/\bcheckout\b.*\b(complete[d]?|success\w*|finished)\b/, 'purchase'],
  [
    /\b(begin|start\w*|initiat\w*|enter\w*)\b.*\bcheckout\b|\bcheckout\b.*\b(begin|start\w*|initiat\w*)\b|^checkout$/,
    'checkout_started'
  ],
  [/\b(purchase[d]?|buy|bought|transaction|sale)\b|^order$/, 'purchase'],
  [/\border\b.*\b(plac\w*|complet\w*|creat\w*|paid|confirm\w*|submitted)\b/, 'purchase'],
  [/\b(plac\w*|complet\w*|creat\w*|submit\w*)\b.*\border\b/, 'purchase'],
  [/\bsearch\w*\b/, 'search'],
  [/^view$|\bview ?content\b|\bview\w*\b.*\bcontent\b/, 'product_view'],
  [/^(add ?to ?cart|cart|basket)$/, 'add_to_cart'],
  [
    /\b(product|item|article|pdp)\b.*\b(view\w*|detail\w*|impression|seen)\b|\bview\w*\b.*\b(product|item|article)\b/,
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
