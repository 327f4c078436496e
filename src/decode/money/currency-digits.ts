/** ISO 4217's minor units: two digits but for these. Intl has those of daily use instead, such as none for IQD. */
const digitsOf: Readonly<Record<number, string>> = {
  0: 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF',
  3: 'BHD IQD JOD KWD LYD OMR TND',
  4: 'CLF UYW'
}
const exceptions: ReadonlyMap<string, number> = new Map(
  Object.entries(digitsOf).flatMap(([digits, codes]) =>
    codes.split(' ').map(code => [code, Number(digits)] as const)
  )
)

/** How many decimals amounts of a currency have. */
export const currencyDigits = (code: string): number => exceptions.get(code) ?? 2

const codes: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'))
/** Signs of one currency only; $, kr and ¥ are those of several. */
const signs: ReadonlyMap<string, string> = new Map([
  ['€', 'EUR'],
  ['zł', 'PLN'],
  ['Kč', 'CZK'],
  ['Ft', 'HUF'],
  ['R$', 'BRL'],
  ['US$', 'USD'],
  ['₹', 'INR'],
  ['₩', 'KRW'],
  ['₽', 'RUB'],
  ['₺', 'TRY'],
  ['₴', 'UAH'],
  ['₪', 'ILS'],
  ['₫', 'VND'],
  ['฿', 'THB']
])

export const isCurrencyCode = (text: string): boolean => codes.has(text.toUpperCase())

/** The code of `EUR`, `eur` or `€`; undefined where the text names no single currency. */
export function currencyOfSign(text: string): string | undefined {
  const upper = text.toUpperCase()
  return codes.has(upper) ? upper : signs.get(text)
}
