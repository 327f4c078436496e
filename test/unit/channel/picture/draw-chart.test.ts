import { inflateSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { colourAt, drawChart, palette, size } from '../../../../src/channel/picture/draw-chart.ts'
import { pngOf } from '../../../../src/channel/picture/png.ts'
import type { Chart } from '../../../../src/incident/chart.ts'
import { anomalyAt, epoch, minuteMs } from '../../../support/alerts.ts'
import { chartOf } from '../../../support/charts.ts'

const options = { currency: 'USD', language: 'en', timezone: 'UTC' } as const
const draw = (chart: Chart, unit: 'money' | 'share' = 'money') =>
  drawChart({ anomalies: [anomalyAt(1, { unit })], segment: 'all', incident: null, chart }, options)

type Colour = Parameters<typeof colourAt>[0]

/** The dots of a colour within a rectangle. */
function count(chart: Chart, colour: Colour, [fromX, toX]: [number, number], [fromY, toY]: [number, number]) {
  const { dots, width } = draw(chart)
  let found = 0
  for (let y = fromY; y < toY; y++)
    for (let x = fromX; x < toX; x++) if (dots[y * width + x] === colourAt(colour)) found += 1
  return found
}

test('a picture is a PNG of 1200 × 480 in sixteen colours at most', async () => {
  const png = await pngOf(draw(chartOf()), palette)
  expect(png.subarray(0, 8).toString('latin1')).toBe('\x89PNG\r\n\x1a\n')
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([1_200, 480])
  // Four bits a dot, of a palette.
  expect([...png.subarray(24, 26)]).toEqual([4, 3])
  expect(png.readUInt32BE(33)).toBe(3 * palette.length)
  const content = png.indexOf('IDAT')
  const rows = inflateSync(png.subarray(content + 4, content + 4 + png.readUInt32BE(content - 4)))
  expect(rows).toHaveLength(size.height * (1 + size.width / 2))
  expect(png.length).toBeLessThan(10_000)
})

test('the band is shaded between its edges, the value a line in it, and nothing lies above', () => {
  const { dots, width } = draw(chartOf())
  const column = (x: number) => Array.from({ length: 312 }, (_, at) => dots[(92 + at) * width + x])
  const here = column(600)
  const rowsOf = (colour: Colour) => here.flatMap((one, at) => (one === colourAt(colour) ? [at] : []))
  const [line, band] = [rowsOf('line'), rowsOf('band')]
  expect(line).toHaveLength(4)
  expect(Math.min(...band)).toBeLessThan(Math.min(...line))
  expect(Math.max(...band)).toBeGreaterThan(Math.max(...line))
  // From 1,400 to 2,400 of an axis up to 2,500.
  expect(Math.min(...band)).toBeCloseTo(312 * (1 - 2_400 / 2_500), -1)
  expect(Math.max(...band)).toBeCloseTo(312 * (1 - 1_400 / 2_500), -1)
})

/** How many dots of marks each row has, of those that have any. */
function rowsOfMarks(chart: Chart): number[] {
  const { dots, width } = draw(chart)
  const rows = Array.from({ length: 312 }, (_, at) => dots.subarray((92 + at) * width, (93 + at) * width))
  return rows.map(row => row.filter(dot => dot === colourAt('mark')).length).filter(found => found > 0)
}

test('windows outside the band have a triangle that points away from it, those of a finding within it a diamond', () => {
  const below = rowsOfMarks(chartOf())
  expect(below[0]).toBeGreaterThan(10)
  expect(below.at(-1)).toBe(1)
  const { points, windowMs } = chartOf()
  const lastIs = (value: number) => ({
    windowMs,
    points: points.map((one, at) => (at === points.length - 1 ? { ...one, value } : one))
  })
  const above = rowsOfMarks(lastIs(2_450))
  expect(above[0]).toBe(1)
  expect(above.at(-1)).toBeGreaterThan(10)
  const within = rowsOfMarks(lastIs(1_850))
  expect([within[0], within.at(-1)]).toEqual([1, 1])
  expect(Math.max(...within)).toBeGreaterThan(10)
})

test('a gap is no line, and where nothing was judged there is no band', () => {
  const { points, windowMs } = chartOf()
  const nothing = { value: null, expected: null, lower: null, upper: null }
  const gapped = points.map((one, at) => (at >= 20 && at < 40 ? { ...one, ...nothing } : one))
  for (const colour of ['line', 'band', 'expected'] as const) {
    expect(count({ windowMs, points: gapped }, colour, [550, 750], [92, 400])).toBe(0)
    expect(count(chartOf(), colour, [550, 750], [92, 400])).toBeGreaterThan(0)
  }
})

test('what cannot be scaled is drawn, too: one value, none but zeros, and values beyond all measure', () => {
  const one = { start: epoch, value: 0, expected: null, lower: null, upper: null }
  const next = { ...one, start: epoch + minuteMs }
  for (const value of [0, 1e300, -5, 1e-9])
    expect(draw({ windowMs: minuteMs, points: [{ ...one, value }, next] }, 'share').dots).toHaveLength(
      576_000
    )
})
