import type { Chart, ChartPoint } from '../../incident/chart.ts'
import { conditionOf } from '../../incident/impact.ts'
import type { NotificationRecord } from '../../incident/types.ts'
import { translator } from '../../language/translator.ts'
import { timeAxis, valueAxis } from './axis.ts'
import { type Canvas, createCanvas, type Dot } from './canvas.ts'
import { type LabelOptions, spanLabel, timeLabel, titleOf, valueLabel } from './labels.ts'
import type { Raster } from './png.ts'

/** Twice as large as it is shown, so that it is sharp on telephones. */
export const size = { width: 1_200, height: 480 } as const

const colours = {
  paper: '#ffffff',
  ink: '#1d1d1f',
  faint: '#5f6368',
  grid: '#e3e6ea',
  band: '#d7e5f6',
  edge: '#9dbbe0',
  expected: '#5b7fb0',
  line: '#1f4e8c',
  mark: '#c62828'
} as const
type Colour = keyof typeof colours

export const palette = Object.values(colours)
export const colourAt = (colour: Colour): number => Object.keys(colours).indexOf(colour)
const [ink, faint, grid, band, edge, expectedColour, lineColour, markColour] = (
  ['ink', 'faint', 'grid', 'band', 'edge', 'expected', 'line', 'mark'] as const
).map(colourAt) as [number, number, number, number, number, number, number, number]

const margin = { top: 92, right: 28, bottom: 76, left: 20 }
const gap = 12
const markSize = 9
const mostTimes = 8

export type Charted = Pick<NotificationRecord, 'anomalies' | 'segment' | 'incident'> & {
  readonly chart: Chart
}

/** A metric in its band; windows in which something was found have a mark, of another shape where they lie within the band. */
export function drawChart(notification: Charted, options: LabelOptions): Raster {
  const canvas = createCanvas(size.width, size.height)
  const plot = plotOf(canvas, notification, options)
  drawBand(canvas, plot)
  drawGrid(canvas, plot, notification, options)
  drawLines(canvas, plot)
  const shapes = drawMarks(canvas, plot, notification)
  canvas.text(titleOf(notification, options), margin.left, 14, ink)
  drawLegend(canvas, options, shapes)
  return canvas.raster
}

interface Plot {
  readonly points: readonly ChartPoint[]
  readonly windowMs: number
  readonly fromMs: number
  readonly toMs: number
  readonly axis: ReturnType<typeof valueAxis>
  readonly left: number
  readonly right: number
  readonly top: number
  readonly bottom: number
  xOf(ms: number): number
  yOf(value: number): number
}

function plotOf(canvas: Canvas, { anomalies, chart }: Charted, options: LabelOptions): Plot {
  const { points, windowMs } = chart
  const { unit = 'number' } = anomalies.at(-1) ?? {}
  const axis = valueAxis(...extremes(points))
  const widest = Math.max(
    ...axis.ticks.map(tick => canvas.widthOf(valueLabel(unit, tick, axis.step, options)))
  )
  const [left, right] = [margin.left + widest + gap, size.width - margin.right]
  const [top, bottom] = [margin.top, size.height - margin.bottom]
  const fromMs = points[0]?.start ?? 0
  const toMs = (points.at(-1)?.start ?? 0) + windowMs
  return {
    ...{ points, windowMs, fromMs, toMs, axis, left, right, top, bottom },
    xOf: ms => Math.round(left + ((ms - fromMs) / (toMs - fromMs)) * (right - left)),
    // An edge may lie far beyond all values: what is outside ends at the border.
    yOf(value) {
      const share = Math.min(1, Math.max(0, (value - axis.from) / (axis.to - axis.from)))
      return Math.round(bottom - share * (bottom - top))
    }
  }
}

const isNumber = (value: number | null): value is number => value !== null && Number.isFinite(value)

/** Of what is measured and expected, and of edges that are not much further away. */
function extremes(points: readonly ChartPoint[]): [number, number] {
  const values = points.flatMap(({ value, expected }) => [value, expected]).filter(isNumber)
  const [least, greatest] = [Math.min(...values), Math.max(...values)]
  const reach = greatest - least || Math.abs(greatest)
  const edges = points.flatMap(({ lower, upper }) => [lower, upper]).filter(isNumber)
  return [
    Math.max(Math.min(least, ...edges), least >= 0 ? Math.max(0, least - reach) : least - reach),
    Math.min(Math.max(greatest, ...edges), greatest + reach)
  ]
}

function drawBand(canvas: Canvas, { points, windowMs, top, bottom, xOf, yOf }: Plot): void {
  for (const { start, lower, upper } of points) {
    if (lower === null && upper === null) continue
    const [x, next] = [xOf(start), xOf(start + windowMs)]
    const [high, low] = [upper === null ? top : yOf(upper), lower === null ? bottom : yOf(lower)]
    canvas.fill(x, high, next - x, low - high, band)
    if (upper !== null && high > top) canvas.fill(x, high, next - x, 2, edge)
    if (lower !== null && low < bottom) canvas.fill(x, low - 2, next - x, 2, edge)
  }
}

function drawGrid(canvas: Canvas, plot: Plot, { anomalies }: Charted, options: LabelOptions): void {
  const { axis, fromMs, toMs, left, right, bottom, xOf, yOf } = plot
  const { unit = 'number' } = anomalies.at(-1) ?? {}
  for (const tick of axis.ticks) {
    const [y, label] = [yOf(tick), valueLabel(unit, tick, axis.step, options)]
    canvas.fill(left, y, right - left, 1, grid)
    canvas.text(label, left - gap - canvas.widthOf(label), y - canvas.letterHeight / 2, faint)
  }
  const { stepMs, ticks } = timeAxis(fromMs, toMs, options.timezone, mostTimes)
  for (const tick of ticks) {
    const [x, label] = [xOf(tick), timeLabel(tick, stepMs, options)]
    canvas.fill(x, bottom, 2, 6, faint)
    const at = Math.min(Math.max(x - canvas.widthOf(label) / 2, 0), size.width - canvas.widthOf(label))
    canvas.text(label, Math.round(at), bottom + 10, faint)
  }
  canvas.fill(left, bottom, right - left, 2, faint)
  const span = spanLabel(fromMs, toMs, options)
  canvas.text(span, right - canvas.widthOf(span), bottom + 42, faint)
}

function drawLines(canvas: Canvas, plot: Plot): void {
  const drawn = (of: 'value' | 'expected', colour: number, thickness: number, dash: number) => {
    let before: Dot | undefined
    for (const point of plot.points) {
      const value = point[of]
      const here = isNumber(value) ? dotOf(plot, point, value) : undefined
      // A value between two gaps is a dot.
      if (here) canvas.line(before ?? here, here, colour, thickness, dash)
      before = here
    }
  }
  drawn('expected', expectedColour, 2, 8)
  drawn('value', lineColour, 4, 0)
}

const dotOf = ({ windowMs, xOf, yOf }: Plot, { start }: ChartPoint, value: number): Dot => ({
  x: xOf(start + windowMs / 2),
  y: yOf(value)
})

type Shape = 'up' | 'down' | 'diamond'

function drawMarks(canvas: Canvas, plot: Plot, { anomalies, incident }: Charted): ReadonlySet<Shape> {
  const { windowStart = 0, windowEnd = 0 } = anomalies.at(-1) ?? {}
  const from = (incident && conditionOf(incident).conditionFrom) ?? windowStart
  const shapes = new Set<Shape>()
  for (const point of plot.points) {
    if (!isNumber(point.value)) continue
    const isFound = point.start >= from && point.start < windowEnd
    const shape = shapeOf(point, point.value) ?? (isFound ? 'diamond' : null)
    if (shape === null) continue
    shapes.add(shape)
    canvas.mark(shape, dotOf(plot, point, point.value), markSize, markColour)
  }
  return shapes
}

function shapeOf({ lower, upper }: ChartPoint, value: number): 'up' | 'down' | null {
  if (lower !== null && value < lower) return 'down'
  return upper !== null && value > upper ? 'up' : null
}

/** What the lines, the band and the marks that occur are. */
function drawLegend(canvas: Canvas, { language }: LabelOptions, shapes: ReadonlySet<Shape>): void {
  const { t } = translator(language)
  const y = 48
  const middle = y + canvas.letterHeight / 2
  const sample = 34
  let x = margin.left
  const entry = (label: string, draw: () => void) => {
    draw()
    canvas.text(label, x + sample + gap, y, ink)
    x += sample + 3 * gap + canvas.widthOf(label)
  }
  const stroke = (colour: number, thickness: number, dash: number) => () =>
    canvas.line({ x, y: middle }, { x: x + sample, y: middle }, colour, thickness, dash)
  const marked = (shape: Shape) => canvas.mark(shape, { x: x + sample / 2, y: middle }, markSize, markColour)
  entry(t('picture.measured'), stroke(lineColour, 4, 0))
  entry(t('picture.expected'), stroke(expectedColour, 2, 8))
  entry(t('picture.range'), () => canvas.fill(x, middle - 9, sample, 18, band))
  if (shapes.has('up')) entry(t('picture.above'), () => marked('up'))
  if (shapes.has('down')) entry(t('picture.below'), () => marked('down'))
  if (shapes.has('diamond')) entry(t('picture.found'), () => marked('diamond'))
}
