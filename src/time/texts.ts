import { dayMs, hourMs, minuteMs, secondMs } from './units.ts'

const units = [
  [dayMs, 'd'],
  [hourMs, 'h'],
  [minuteMs, 'min']
] as const

/** A span in its greatest unit: `3 d`, `2 h`, `5 min`, `12 s`. */
export function span(ms: number): string {
  const [size, unit] = units.find(([least]) => ms >= least) ?? [secondMs, 's']
  return `${Math.max(0, Math.floor(ms / size))} ${unit}`
}

/** `1 event`, `1,200 events`. */
export const counted = (count: number, one: string, many = `${one}s`): string =>
  `${count.toLocaleString('en')} ${count === 1 ? one : many}`
