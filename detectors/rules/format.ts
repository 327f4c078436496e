import { hourMs, minuteMs, secondMs } from '../../src/time/units.ts'

/** How numbers are written for people. */
export interface Words {
  money(amount: number): string
  count(value: number): string
  share(fraction: number): string
  /** A share that may be small: with a digit more below 10 %. */
  smallShare(fraction: number): string
  /** `1 minute`, `2 hours`. */
  span(windows: number): string
}

export function createWords(currency: string, windowMs: number): Words {
  const money = (digits: number) =>
    new Intl.NumberFormat('en-US', {
      style: 'currency',
      currency,
      minimumFractionDigits: digits,
      maximumFractionDigits: digits
    })
  const whole = money(0)
  const fine = money(2)
  const counts = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })
  const fewCounts = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 })
  return {
    money: amount => (Math.abs(amount) >= 100 || amount === 0 ? whole : fine).format(amount),
    count: value => (Math.abs(value) >= 10 ? counts : fewCounts).format(value),
    share: fraction => `${Math.round(fraction * 100)}%`,
    smallShare: fraction => `${(fraction * 100).toFixed(fraction < 0.1 ? 1 : 0)}%`,
    span: windows => inWords(windows * windowMs)
  }
}

/** A number of any metric, to three digits. */
export const short = (value: number) => String(Number(value.toPrecision(3)))

const units: readonly (readonly [name: string, ms: number])[] = [
  ['hour', hourMs],
  ['minute', minuteMs],
  ['second', secondMs]
]

function inWords(ms: number): string {
  const [name, unitMs] = units.find(([, unitMs]) => ms >= unitMs && ms % unitMs === 0) ?? ['second', secondMs]
  const count = Math.round((ms / unitMs) * 10) / 10
  return `${count} ${name}${count === 1 ? '' : 's'}`
}
