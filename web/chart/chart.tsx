import { useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import uPlot from 'uplot'
import { type Format, formatOf } from '../format/amount.ts'
import { axisTime, spanText, timeText } from '../format/time.ts'
import { colours } from './colours.ts'
import { drawAnomalies, drawBelow } from './draw.ts'
import { type ChartMark, type ChartPoint, isAnomalous, rangeOf } from './points.ts'
import { Readout } from './readout.tsx'

export interface ChartProps {
  /** What it shows, for a heading and for whoever cannot see it. */
  readonly label: string
  readonly points: readonly ChartPoint[]
  readonly unit: string
  readonly currency: string | null
  readonly height?: number
  /** What the time axis spans; by default what there are points of. */
  readonly span?: readonly [number, number]
  /** The greatest number of the other axis, where charts share one scale. */
  readonly greatest?: number
  readonly marks?: readonly ChartMark[]
  /** The same time of another week. */
  readonly compared?: readonly (number | null)[]
  /** Charts of one name point at the same time. */
  readonly group?: string
  /** Called with what was marked on the time axis. */
  readonly onSpan?: (from: number, to: number) => void
}

const fromZero: ReadonlySet<string> = new Set(['count', 'money', 'share', 'seconds'])

/** A metric as a line in its band, with what can be read off at the pointer. */
export function Chart(props: ChartProps) {
  const { label, points, unit, currency, height = 180, span, greatest, marks = [], compared, group } = props
  const place = useRef<HTMLDivElement>(null)
  const shown = useRef({ points, marks })
  shown.current = { points, marks }
  const plot = useRef<uPlot | null>(null)
  const pointed = useSignal<number | null>(null)
  const format = formatOf(unit, currency)
  const theme = colours.value
  const range = rangeOf(points, fromZero.has(unit))
  const scale = useRef({ range, span })
  scale.current = { range: greatest === undefined ? range : [range[0], greatest], span }

  useEffect(() => {
    const target = place.current
    if (target === null) return
    const made = new uPlot(
      optionsOf({
        width: target.clientWidth,
        ...{ height, format, theme, group },
        isCompared: compared !== undefined,
        x: () => scale.current.span?.map(ms => ms / 1_000),
        y: () => scale.current.range,
        drawn: () => shown.current,
        onPointed: index => {
          pointed.value = index
        },
        ...(props.onSpan && { onSpan: props.onSpan })
      }),
      dataOf(points, compared),
      target
    )
    plot.current = made
    const observer = new ResizeObserver(() => {
      if (target.clientWidth > 0) made.setSize({ width: target.clientWidth, height })
    })
    observer.observe(target)
    return () => {
      observer.disconnect()
      made.destroy()
    }
  }, [theme, height, unit, currency, group, compared === undefined])

  useEffect(() => plot.current?.setData(dataOf(points, compared)), [points, compared, marks, span, greatest])

  return (
    <figure class="chart">
      <Readout points={points} {...(compared && { compared })} pointed={pointed.value} format={format} />
      <div class="plot" ref={place} role="img" aria-label={spoken(label, points, format)} />
    </figure>
  )
}

interface PlotParts {
  readonly width: number
  readonly height: number
  readonly format: Format
  readonly theme: typeof colours.value
  readonly group: string | undefined
  readonly isCompared: boolean
  readonly x: () => readonly number[] | undefined
  readonly y: () => readonly [number, number] | [number, number]
  readonly drawn: () => { readonly points: readonly ChartPoint[]; readonly marks: readonly ChartMark[] }
  readonly onPointed: (index: number | null) => void
  readonly onSpan?: (from: number, to: number) => void
}

function optionsOf(parts: PlotParts): uPlot.Options {
  const { width, height, format, theme, group, isCompared, x, y, drawn, onPointed, onSpan } = parts
  const font = '12px system-ui, sans-serif'
  const axis = { font, stroke: theme.muted, ticks: { show: false }, grid: { stroke: theme.grid, width: 1 } }
  const line = { points: { show: false }, spanGaps: false }
  return {
    width,
    height,
    legend: { show: false },
    padding: [8, 20, 0, 0],
    cursor: {
      y: false,
      points: { size: 7, fill: theme.line },
      drag: { x: onSpan !== undefined, y: false, setScale: false },
      ...(group && { sync: { key: group } })
    },
    scales: {
      x: { time: true, range: (_plot, least, most) => pair(x()) ?? [least ?? 0, most ?? 1] },
      y: { range: () => [...y()] as [number, number] }
    },
    axes: [
      { ...axis, size: 32, gap: 9, space: 64, values: (_plot, splits) => axisTime(splits) },
      {
        ...axis,
        size: 58,
        space: 34,
        values: (_plot, splits) => splits.map(value => format.short(value))
      }
    ],
    series: [
      {},
      { ...line, stroke: theme.expected, width: 1, dash: [4, 3] },
      ...(isCompared ? [{ ...line, stroke: theme.other, width: 1.5 }] : []),
      { ...line, stroke: theme.line, width: 2 }
    ],
    hooks: {
      drawClear: [plot => drawBelow(plot, drawn().points, drawn().marks, theme)],
      draw: [plot => drawAnomalies(plot, drawn().points, theme)],
      setCursor: [({ cursor }) => onPointed(cursor.idx ?? null)],
      ...(onSpan && { setSelect: [plot => marked(plot, onSpan)] })
    }
  }
}

const pair = (span: readonly number[] | undefined): [number, number] | undefined =>
  span?.[0] === undefined || span[1] === undefined ? undefined : [span[0], span[1]]

function marked(plot: uPlot, onSpan: (from: number, to: number) => void): void {
  const { left, width } = plot.select
  if (width < 5) return
  onSpan(plot.posToVal(left, 'x') * 1_000, plot.posToVal(left + width, 'x') * 1_000)
  plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false)
}

function dataOf(points: readonly ChartPoint[], compared?: readonly (number | null)[]): uPlot.AlignedData {
  const expected = points.map(point => point.expected)
  const value = points.map(point => point.value)
  const times = points.map(({ at }) => at / 1_000)
  return compared === undefined ? [times, expected, value] : [times, expected, [...compared], value]
}

/** What a chart shows, in a sentence. */
function spoken(label: string, points: readonly ChartPoint[], format: Format): string {
  const [first, last] = [points[0], points.findLast(({ value }) => value !== null)]
  if (first === undefined || last === undefined) return `${label}: no values`
  const expected = last.expected === null ? '' : `, expected ${format.full(last.expected)}`
  const anomalous = points.filter(isAnomalous)
  const [begin, end] = [anomalous[0], anomalous.at(-1)]
  const found = begin && end ? `; ${anomalous.length} anomalous windows, ${spanText(begin.at, end.at)}` : ''
  return `${label}, ${spanText(first.at, last.at)}: ${format.full(last.value)} at ${timeText(last.at)}${expected}${found}`
}
