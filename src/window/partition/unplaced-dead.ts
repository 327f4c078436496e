/** Dead letters before the first event of a partition: no window is known yet that they count in. */
export interface UnplacedDead {
  add(offset: number): void
  /** Hands over those so far, as many as there are from the first one's offset on. */
  takeAll(): DeadRun | undefined
  first(): number | undefined
}

interface DeadRun {
  readonly first: number
  readonly count: number
}

export function createUnplacedDead(): UnplacedDead {
  let run: DeadRun | undefined
  return {
    add(offset) {
      run = { first: run?.first ?? offset, count: (run?.count ?? 0) + 1 }
    },
    takeAll() {
      const all = run
      run = undefined
      return all
    },
    first: () => run?.first
  }
}
