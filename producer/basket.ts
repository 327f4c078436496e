import { normal, type Uniform } from './random.ts'
import type { Line } from './step.ts'

/** What an order of the shop is made of: a few products, dozens of small ones, or cartons of many. */
export const baskets = ['usual', 'grocery', 'wholesale'] as const
export type Basket = (typeof baskets)[number]

interface Filling {
  /** The median of the further lines' number, and how far its logarithm lies from it. */
  readonly lines: number
  readonly linesSd: number
  readonly mostLines: number
  /** Of the products' price. */
  readonly priceShare: number
  /** The same of a line's pieces, and of what all lines of one order have in common. */
  readonly pieces: number
  readonly piecesSd: number
  readonly orderSd: number
}

const fillings: Readonly<Record<Exclude<Basket, 'usual'>, Filling>> = {
  grocery: {
    lines: 22,
    linesSd: 0.5,
    mostLines: 80,
    priceShare: 0.06,
    pieces: 1.4,
    piecesSd: 0.5,
    orderSd: 0.2
  },
  wholesale: {
    lines: 12,
    linesSd: 0.9,
    mostLines: 120,
    priceShare: 0.1,
    pieces: 8,
    piecesSd: 0.8,
    orderSd: 0.7
  }
}

const lineGapMs = 1_500

/** Puts further lines into a cart whose first one is there, each without a look at its page. */
export function fillCart(
  basket: Exclude<Basket, 'usual'>,
  uniform: Uniform,
  draw: (timeMs: number) => Line | undefined,
  put: (line: Line, timeMs: number) => void,
  fromMs: number
): number {
  const { lines, linesSd, mostLines, priceShare, pieces, piecesSd, orderSd } = fillings[basket]
  const count = Math.min(mostLines, Math.round(lines * Math.exp(linesSd * normal(uniform))))
  const ofOrder = orderSd * normal(uniform)
  let timeMs = fromMs
  for (let line = 0; line < count; line += 1) {
    timeMs += lineGapMs
    const drawn = draw(timeMs)
    if (!drawn) return timeMs
    const quantity = Math.max(1, Math.round(pieces * Math.exp(ofOrder + piecesSd * normal(uniform))))
    const price = Math.max(1, Math.round(100 * drawn.price * priceShare)) / 100
    put({ ...drawn, price, quantity }, timeMs)
  }
  return timeMs
}
