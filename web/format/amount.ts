/** How numbers of one unit are written. */
export interface Format {
  /** For an axis. */
  readonly short: (value: number | null) => string
  readonly full: (value: number | null) => string
}

const nothing = '–'

/** Of a unit of the metrics: count, money, share, seconds or number. */
export function formatOf(unit: string, currency: string | null): Format {
  switch (unit) {
    case 'money':
      return moneyFormat(currency)
    case 'share':
      return of(
        { style: 'percent', maximumFractionDigits: 1 },
        { style: 'percent', maximumFractionDigits: 1, minimumFractionDigits: 1 }
      )
    case 'seconds':
      return of(
        { style: 'unit', unit: 'second', maximumFractionDigits: 1 },
        { style: 'unit', unit: 'second', maximumFractionDigits: 1 }
      )
    case 'count':
      return of({ notation: 'compact' }, { maximumFractionDigits: 0 })
    default:
      return of({ notation: 'compact', maximumFractionDigits: 2 }, { maximumFractionDigits: 3 })
  }
}

function moneyFormat(currency: string | null): Format {
  if (currency === null) return of({ notation: 'compact' }, { maximumFractionDigits: 2 })
  const style = { style: 'currency', currency, currencyDisplay: 'narrowSymbol' } as const
  const whole = of(
    { ...style, notation: 'compact', maximumFractionDigits: 1, minimumFractionDigits: 0 },
    style
  )
  const rounded = of(style, { ...style, maximumFractionDigits: 0, minimumFractionDigits: 0 })
  // Cents tell nothing of a hundred and more.
  const hasCents = (value: number) => Math.abs(value) < 100 && !Number.isInteger(value)
  return { short: whole.short, full: value => (hasCents(value ?? 0) ? whole : rounded).full(value) }
}

function of(short: Intl.NumberFormatOptions, full: Intl.NumberFormatOptions): Format {
  const [brief, exact] = [new Intl.NumberFormat('en', short), new Intl.NumberFormat('en', full)]
  return {
    short: value => (value === null ? nothing : brief.format(value)),
    full: value => (value === null ? nothing : exact.format(value))
  }
}
