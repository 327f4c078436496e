import { formatsOf, spanOf } from '../../src/language/formats.ts'
import type { Figure } from '../../src/language/phrase.ts'
import { english } from '../../src/language/translator.ts'

/** Numbers of a sentence, before they are written in a language. */
export interface Figures {
  money(amount: number): Figure
  count(value: number): Figure
  share(fraction: number): Figure
  /** A share that may be small: with a digit more below 10 %. */
  smallShare(fraction: number): Figure
  /** `1 minute`, `2 hours`. */
  span(windows: number): Figure
  /** A number of any metric, to three digits. */
  short(value: number): Figure
}

/** How numbers are written for people: in English, for a kind that writes its sentence itself, or as figures. */
export interface Words {
  readonly figure: Figures
  money(amount: number): string
  count(value: number): string
  share(fraction: number): string
  smallShare(fraction: number): string
  span(windows: number): string
}

export function createWords(currency: string, windowMs: number): Words {
  const { money, count, share, smallShare } = formatsOf('en')
  return {
    figure: {
      money: value => ({ unit: 'money', value, currency }),
      count: value => ({ unit: 'count', value }),
      share: value => ({ unit: 'share', value }),
      smallShare: value => ({ unit: 'small_share', value }),
      span: windows => ({ unit: 'span', value: windows * windowMs }),
      short: value => ({ unit: 'short', value })
    },
    money: amount => money(amount, currency),
    count,
    share,
    smallShare,
    span(windows) {
      const { unit, count } = spanOf(windows * windowMs)
      return english(`span.${unit}`, { count })
    }
  }
}
