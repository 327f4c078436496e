/** Revenue is in it where nobody chose a currency and no purchase names one. */
export const fallbackCurrency = 'USD'

/** The currency that revenue is counted in: as configured, or as learned once from the first purchases. */
export interface ShopCurrency {
  readonly isKnown: () => boolean
  /** The fallback until it is known. */
  readonly code: () => string
  /** Factor into it by currency, its own with 1. The map stays the same. */
  readonly rates: ReadonlyMap<string, number>
  /** Called once, before the first event is counted. */
  readonly settle: (code: string) => void
}

export interface ShopCurrencyOptions {
  /** Undefined where it is to be learned. */
  readonly currency: string | undefined
  readonly rates: Readonly<Record<string, number>>
}

export function createShopCurrency({ currency, rates }: ShopCurrencyOptions): ShopCurrency {
  let own = currency
  const factors = new Map([[own ?? fallbackCurrency, 1], ...Object.entries(rates)])

  return {
    isKnown: () => own !== undefined,
    code: () => own ?? fallbackCurrency,
    rates: factors,
    settle(code) {
      // Rates are factors into a currency that somebody chose: there are none here.
      factors.clear()
      factors.set(code, 1)
      own = code
    }
  }
}
