import type uPlot from 'uplot'
import type { Colours } from './colours.ts'
import { type ChartMark, type ChartPoint, hasBand, isAnomalous, isJudged, runsOf } from './points.ts'

const isGiven = (value: number | null | undefined): value is number => value !== null && value !== undefined

/** Under the line: the band, the envelope, on them the strips of anomalous windows, and marks. */
export function drawBelow(
  plot: uPlot,
  points: readonly ChartPoint[],
  marks: readonly ChartMark[],
  colours: Colours
): void {
  const { ctx, bbox } = plot
  ctx.save()
  ctx.beginPath()
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height)
  ctx.clip()
  if (hasBand(points)) fillBetween(plot, points, colours.band, isJudged, ({ lower, upper }) => [lower, upper])
  ctx.globalAlpha = 0.3
  const hasEnvelope = ({ least, greatest }: ChartPoint) => isGiven(least) && isGiven(greatest)
  fillBetween(plot, points, colours.line, hasEnvelope, ({ least, greatest }) => [
    least ?? null,
    greatest ?? null
  ])
  ctx.globalAlpha = 0.14
  for (const [first, last] of runsOf(points, isAnomalous)) {
    const [left, right] = [edgeX(plot, points, first, -1), edgeX(plot, points, last, 1)]
    ctx.fillStyle = colours.alarm
    ctx.fillRect(left, bbox.top, Math.max(2, right - left), bbox.height)
  }
  ctx.globalAlpha = 1
  drawMarks(plot, marks, colours)
  ctx.restore()
}

/** On the line: a triangle at each anomalous window, which points to where the value went. */
export function drawAnomalies(plot: uPlot, points: readonly ChartPoint[], colours: Colours): void {
  const { ctx } = plot
  const size = 4.5 * devicePixelRatio
  ctx.save()
  ctx.fillStyle = colours.alarm
  ctx.strokeStyle = colours.surface
  ctx.lineWidth = devicePixelRatio
  for (const { at, value, anomaly } of points) {
    if (anomaly === null || value === null) continue
    const [x, y] = [plot.valToPos(at / 1_000, 'x', true), plot.valToPos(value, 'y', true)]
    const down = anomaly === 'drop' ? 1 : -1
    ctx.beginPath()
    ctx.moveTo(x - size, y - down * size * 0.7)
    ctx.lineTo(x + size, y - down * size * 0.7)
    ctx.lineTo(x, y + down * size)
    ctx.closePath()
    ctx.fill()
    ctx.stroke()
  }
  ctx.restore()
}

/** A dashed line where it begins, and a bar along the top for as long as it lasts. */
function drawMarks(plot: uPlot, marks: readonly ChartMark[], colours: Colours): void {
  const { ctx, bbox } = plot
  for (const { from, to, kind } of marks) {
    const left = plot.valToPos(from / 1_000, 'x', true)
    ctx.fillStyle = ctx.strokeStyle = kind === 'incident' ? colours.alarm : colours.other
    if (to > from)
      ctx.fillRect(left, bbox.top, plot.valToPos(to / 1_000, 'x', true) - left, 4 * devicePixelRatio)
    ctx.lineWidth = devicePixelRatio
    ctx.setLineDash([4 * devicePixelRatio, 3 * devicePixelRatio])
    ctx.beginPath()
    ctx.moveTo(left, bbox.top)
    ctx.lineTo(left, bbox.top + bbox.height)
    ctx.stroke()
    ctx.setLineDash([])
  }
}

/** A side that has no edge reaches to the border of the chart. */
function fillBetween(
  plot: uPlot,
  points: readonly ChartPoint[],
  colour: string,
  holds: (point: ChartPoint) => boolean,
  edges: (point: ChartPoint) => readonly [number | null, number | null]
): void {
  const { ctx, bbox } = plot
  const y = (value: number | null, border: number) =>
    value === null ? border : plot.valToPos(value, 'y', true)
  ctx.fillStyle = colour
  for (const [first, last] of runsOf(points, holds)) {
    const run = points.slice(first, last + 1)
    const x = ({ at }: ChartPoint) => plot.valToPos(at / 1_000, 'x', true)
    ctx.beginPath()
    for (const point of run) ctx.lineTo(x(point), y(edges(point)[1], bbox.top))
    for (const point of run.toReversed()) ctx.lineTo(x(point), y(edges(point)[0], bbox.top + bbox.height))
    ctx.closePath()
    ctx.fill()
  }
}

/** Half-way to the neighbour, so that a strip is as wide as its windows. */
function edgeX(plot: uPlot, points: readonly ChartPoint[], index: number, side: -1 | 1): number {
  const at = points[index]?.at ?? 0
  const neighbour = points[index + side]?.at ?? at
  return plot.valToPos((at + neighbour) / 2_000, 'x', true)
}
