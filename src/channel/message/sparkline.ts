const bars = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const
const gap = '·'
const most = 60

/**
 * The last windows as a line of bars, `▇▇█▆▂▁`, a dot where there is no value; null where fewer than two are known.
 * The lowest bar is the least of them, or zero where none is below it and the least is under half of the greatest.
 */
export function pictureOf(recent: readonly (number | null)[]): string | null {
  const shown = recent.slice(-most)
  const values = shown.filter(isNumber)
  if (values.length < 2) return null
  const greatest = Math.max(...values)
  const least = Math.min(...values)
  const floor = least >= 0 && least < greatest / 2 ? 0 : least
  const reach = greatest - floor
  return shown
    .map(value => {
      if (!isNumber(value)) return gap
      if (reach > 0) return bars[Math.round(((value - floor) / reach) * (bars.length - 1))]
      return bars[greatest === 0 ? 0 : 3]
    })
    .join('')
}

const isNumber = (value: number | null): value is number => value !== null && Number.isFinite(value)
