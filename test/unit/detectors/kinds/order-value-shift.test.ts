import { describe, expect, test } from 'vitest'
import { normal, uniformOf } from '../../../../producer/random.ts'
import { feed, sum } from '../feed.ts'

/** One to five lines a minute about 40 units, strayed by a factor of 2.5; from minute 200 on what `change` makes of each. */
function prices(linesPerMinute: number, change: (amount: number, line: number) => number) {
  return (minute: number) => {
    const uniform = uniformOf(minute, 'prices')
    const logs = Array.from({ length: linesPerMinute }, (_, line) => {
      const amount = 40 * Math.exp(0.9 * normal(uniform))
      return Math.log(minute < 200 ? amount : change(amount, line + minute))
    })
    const total = logs.reduce((all, log) => all + log, 0)
    const squares = logs.reduce((all, log) => all + log ** 2, 0)
    return { values: { price_level: sum(total, logs.length, squares) } }
  }
}

const kind = 'order_value_shift'
const first = (lines: number, change: (amount: number, line: number) => number) =>
  feed({ kind }, 260, prices(lines, change))[0]

describe('an order value shift', () => {
  test('is found where half of the prices are a hundredth, at one line a minute and at five', () => {
    const half = (amount: number, line: number) => (line % 2 === 0 ? amount / 100 : amount)
    expect(first(1, half)).toMatchObject({ metric: 'price_level', severity: 'medium', minute: 216 })
    expect(first(5, half)).toMatchObject({ minute: 202 })
    expect(first(5, half)?.details).toMatch(
      /^Prices fell: an order's line is typically worth \$\d\.\d\d \(15 in 3 minutes\), usually \$40\.05\./
    )
  })

  test('is found where prices are ten times theirs', () => {
    expect(first(5, amount => amount * 10)).toMatchObject({ minute: 202 })
    expect(first(5, amount => amount * 10)?.details).toMatch(/^Prices rose: .* worth \$\d{3} /)
  })

  test('is none of one great order', () => {
    expect(first(5, (amount, line) => (line === 210 ? amount * 1_000 : amount))).toBeUndefined()
  })

  test('is none where prices come back after an hour and a half, on this day and on the next', () => {
    const wrong = (minute: number) => (minute >= 200 && minute < 290) || (minute >= 1_620 && minute < 1_710)
    const found = feed({ kind }, 1_800, minute =>
      prices(5, (amount, line) => (line % 2 === 0 && wrong(minute) ? amount / 100 : amount))(minute)
    )
    const minutes = found.map(one => one.minute)
    expect(minutes.filter(minute => !wrong(minute))).toEqual([])
    expect(minutes.filter(minute => minute > 1_000)[0]).toBe(1_622)
  })

  test('is none of a discount of a quarter, nor in steady hours', () => {
    expect(first(5, amount => amount * 0.75)).toBeUndefined()
    expect(
      feed(
        { kind },
        1_500,
        prices(2, amount => amount)
      )
    ).toEqual([])
  })
})
