/**
 * Sums of the newest bins of time. Bins are whole numbers, counted from the epoch. `slots`: how many bins are
 * remembered.
 */
export function createBins(slots: number) {
  const bins = new Float64Array(slots).fill(Number.NaN)
  const counts = new Float64Array(slots)
  const windows = new Uint32Array(slots)
  const slot = (bin: number) => ((bin % slots) + slots) % slots
  return {
    add(bin: number, count: number): void {
      const at = slot(bin)
      if (bins[at] !== bin) {
        bins[at] = bin
        counts[at] = 0
        windows[at] = 0
      }
      counts[at] = (counts[at] as number) + count
      windows[at] = (windows[at] as number) + 1
    },
    /** Whether anything of this bin was seen and is remembered. */
    has: (bin: number) => bins[slot(bin)] === bin,
    count: (bin: number) => counts[slot(bin)] as number,
    windows: (bin: number) => windows[slot(bin)] as number
  }
}

export type Bins = ReturnType<typeof createBins>
