/** Dead letters before the first event of a partition: no window is known yet that they count in. */
export function createUnplacedDead() {
  let run: { readonly first: number; readonly count: number } | undefined
  return {
    add(offset: number): void {
      run = { first: run?.first ?? offset, count: (run?.count ?? 0) + 1 }
    },
    /** Hands over those so far, as many as there are from the first one's offset on. */
    takeAll() {
      const all = run
      run = undefined
      return all
    },
    first: () => run?.first
  }
}
