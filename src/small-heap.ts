import { PerformanceObserver } from 'node:perf_hooks'
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8'

const youngBytes = 32 * 1024 * 1024
/** More than it takes: what survives is less than half of it. */
const mostArrays = 1_000

/**
 * Left alone, V8 lets the young generation grow to 128 MB and the old one to several times of what is alive, and returns little:
 * bound, a stream takes 100 MB less and no more time. V8 asks for both flags when it collects, so they may be set while it
 * runs. There is none for the size itself, so arrays survive until it is reached; that takes 30 ms.
 */
export function keepHeapSmall(): void {
  const arrays: number[][] = []
  while (youngSize() < youngBytes && arrays.length < mostArrays) arrays.push(new Array(4_096).fill(0))
  setFlagsFromString('--heap-growing-percent=50')
  boundYoung()
  new PerformanceObserver(boundYoung).observe({ entryTypes: ['gc'] })
}

/** In a quiet hour V8 shrinks the young generation to 1 MB, and collects all the time in the next busy one unless it may grow. */
function boundYoung(): void {
  setFlagsFromString(`--semi-space-growth-factor=${youngSize() < youngBytes ? 2 : 1}`)
}

const youngSize = (): number =>
  getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space')?.space_size ?? youngBytes
