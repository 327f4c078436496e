import { type CurrencyChoice, createBallot } from '../decode/currency/ballot.ts'
import type { ShopCurrency } from '../decode/currency/shop-currency.ts'
import type { Decode } from '../decode/types.ts'
import type { LearnedCurrency, Store } from '../store/types.ts'

/** So much of a file without enough purchases is held in memory. */
const maxHeldBytes = 67_108_864

/** As the store keeps it. */
export const learnedOf = ({ code, sentence }: CurrencyChoice, at: number): LearnedCurrency => ({
  code,
  details: sentence,
  at
})

/** Takes the currency that an earlier run has learned, if it has. Rejects with the store's error. */
export async function recallCurrency(
  shop: ShopCurrency,
  store: Pick<Store, 'learnedCurrency'> | undefined,
  pipeline: string
): Promise<void> {
  const learned = shop.isKnown() ? undefined : await store?.learnedCurrency(pipeline)
  if (learned !== undefined) shop.settle(learned.code)
}

type TakeLine = (line: Buffer | string, lineNumber: number) => void

export interface HeldLines {
  readonly take: TakeLine
  /** Hands on what is still held: the file has ended. */
  end(): void
  /** What the first purchases said; undefined where the currency was known. */
  choice(): CurrencyChoice | undefined
}

export interface HeldLinesOptions {
  readonly shop: ShopCurrency
  readonly undecided: Decode
  readonly take: TakeLine
}

/** Holds the lines of a file back until its currency is known, and hands them on in their order. */
export function createHeldLines({ shop, undecided, take }: HeldLinesOptions): HeldLines {
  const ballot = createBallot()
  let held: { readonly line: Buffer | string; readonly lineNumber: number }[] = []
  let bytes = 0
  let chosen: CurrencyChoice | undefined

  function settle(choice: CurrencyChoice): void {
    chosen = choice
    shop.settle(choice.code)
    for (const { line, lineNumber } of held) take(line, lineNumber)
    held = []
  }

  return {
    take(line, lineNumber) {
      if (shop.isKnown()) return take(line, lineNumber)
      held.push({ line, lineNumber })
      bytes += line.length
      ballot.add(undecided(line))
      const choice = ballot.choice() ?? (bytes >= maxHeldBytes ? ballot.finalChoice() : undefined)
      if (choice !== undefined) settle(choice)
    },
    end() {
      if (!shop.isKnown()) settle(ballot.finalChoice())
    },
    choice: () => chosen
  }
}
