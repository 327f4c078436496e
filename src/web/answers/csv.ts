import type { SeriesAnswer } from '../api/series.ts'

/** A row for each step: RFC 4180, with a heading. What is not known is empty. */
export function csvOf({ at, value, min, max, expected, lower, upper, complete }: SeriesAnswer): string {
  const columns: Readonly<Record<string, readonly (string | number | boolean | null)[] | null>> = {
    time: at.map(ms => new Date(ms).toISOString()),
    value,
    min,
    max,
    expected,
    lower,
    upper,
    complete
  }
  const shown = Object.entries(columns).flatMap(([name, cells]) => (cells === null ? [] : [{ name, cells }]))
  const rows = at.map((_, row) => shown.map(({ cells }) => cells[row] ?? '').join(','))
  return [shown.map(({ name }) => name).join(','), ...rows, ''].join('\r\n')
}
