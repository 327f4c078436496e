/**
 * Lets so many pieces of work go on at once, in the order in which they came. The embedded engine runs one statement at a
 * time: with more of them in front, the rows of a window would wait.
 */
export function createTurns(most: number) {
  const waiting: (() => void)[] = []
  let under = 0

  return async function take<Result>(work: () => Promise<Result>): Promise<Result> {
    if (under >= most) await new Promise<void>(wake => waiting.push(wake))
    else under += 1
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next === undefined) under -= 1
      else next()
    }
  }
}
