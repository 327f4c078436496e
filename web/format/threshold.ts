/** A threshold in its own unit: `50 %`, `3`. */
export const thresholdText = (value: number, { unit }: { readonly unit: 'share' | 'number' }): string =>
  unit === 'share' ? `${Number((100 * value).toPrecision(6))} %` : `${value}`
