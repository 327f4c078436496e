import type { Sample } from './sampler.ts'

interface Line {
  readonly name: string
  readonly color: string
  readonly of: (sample: Sample) => number | undefined
}

interface Chart {
  readonly title: string
  readonly lines: readonly Line[]
}

const steady = '#2b6cb0'
const mortal = '#dd8452'
const engine = '#55a868'

const charts: readonly Chart[] = [
  {
    title: 'memory, MB',
    lines: [
      { name: 'the instance that stays', color: steady, of: ({ instances }) => instances.steady.rssMb },
      { name: 'the one that is ended', color: mortal, of: ({ instances }) => instances.mortal.rssMb },
      { name: 'ClickHouse engine', color: engine, of: ({ engineMb }) => engineMb }
    ]
  },
  {
    title: 'heap in use, MB',
    lines: [
      { name: 'the instance that stays', color: steady, of: ({ instances }) => instances.steady.heapMb },
      { name: 'the one that is ended', color: mortal, of: ({ instances }) => instances.mortal.heapMb }
    ]
  },
  {
    title: 'open file handles',
    lines: [
      { name: 'the instance that stays', color: steady, of: ({ instances }) => instances.steady.handles },
      { name: 'the one that is ended', color: mortal, of: ({ instances }) => instances.mortal.handles }
    ]
  },
  {
    title: 'event-loop delay, 99th percentile, ms',
    lines: [
      { name: 'the instance that stays', color: steady, of: ({ instances }) => instances.steady.loopP99Ms },
      { name: 'the one that is ended', color: mortal, of: ({ instances }) => instances.mortal.loopP99Ms }
    ]
  },
  {
    title: 'records behind, windows that wait',
    lines: [
      { name: 'records', color: steady, of: ({ lag }) => lag },
      {
        name: 'windows × 100',
        color: mortal,
        of: ({ waiting }) => (waiting === undefined ? undefined : waiting * 100)
      }
    ]
  }
]

const width = 1_000
const height = 150
const left = 70
const top = 34
const gap = 26

/** The samples over time as an SVG: a chart a measure, with a bar behind it for each fault while it lasts. */
export function plotOf(samples: readonly Sample[]): string {
  const endS = Math.max(1, samples.at(-1)?.seconds ?? 1)
  const x = (seconds: number) => left + (seconds / endS) * (width - left - 20)
  const all = charts.map((chart, index) => chartOf(chart, samples, x, top + index * (height + gap + 20)))
  const whole = top + charts.length * (height + gap + 20)
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${whole}" viewBox="0 0 ${width} ${whole}">
<title>A soak of ${Math.round(endS / 60)} minutes</title>
<rect width="100%" height="100%" fill="#fff"/>
<g font-family="system-ui, sans-serif" font-size="12" fill="#333">
${all.join('\n')}
<text x="${left}" y="${whole - 8}">0 to ${Math.round(endS / 60)} minutes; grey: a fault lasts</text>
</g>
</svg>
`
}

function chartOf(
  { title, lines }: Chart,
  samples: readonly Sample[],
  x: (seconds: number) => number,
  y0: number
): string {
  const most = Math.max(1, ...samples.flatMap(sample => lines.flatMap(({ of }) => of(sample) ?? [])))
  const y = (value: number) => y0 + height - (value / most) * height
  const legend = lines.map(
    ({ name, color }, index) => `<tspan x="${left + 330 + index * 210}" fill="${color}">${name}</tspan>`
  )
  const paths = lines.map(
    ({ color, of }) =>
      `<path d="${pathOf(samples, x, y, of)}" fill="none" stroke="${color}" stroke-width="1.2"/>`
  )
  return [
    `<text x="${left}" y="${y0 - 8}" font-weight="600">${title}</text><text y="${y0 - 8}">${legend.join('')}</text>`,
    ...faultsOf(samples).map(
      ([from, to, name]) =>
        `<rect x="${fixed(x(from))}" y="${y0}" width="${fixed(Math.max(1, x(to) - x(from)))}" height="${height}" fill="#eee"><title>${name}</title></rect>`
    ),
    `<path d="M${left} ${y0}V${y0 + height}H${width - 20}" fill="none" stroke="#999"/>`,
    `<text x="${left - 6}" y="${y0 + 10}" text-anchor="end">${Math.round(most).toLocaleString('en')}</text>`,
    `<text x="${left - 6}" y="${y0 + height}" text-anchor="end">0</text>`,
    ...paths
  ].join('\n')
}

/** Broken where nothing was seen. */
function pathOf(
  samples: readonly Sample[],
  x: (seconds: number) => number,
  y: (value: number) => number,
  of: Line['of']
): string {
  let isDrawing = false
  return samples
    .map(sample => {
      const value = of(sample)
      const step =
        value === undefined ? '' : `${isDrawing ? 'L' : 'M'}${fixed(x(sample.seconds))} ${fixed(y(value))}`
      isDrawing = value !== undefined
      return step
    })
    .join('')
}

/** Spans of samples under one fault. */
function faultsOf(samples: readonly Sample[]): [number, number, string][] {
  const spans: [number, number, string][] = []
  for (const { seconds, fault } of samples) {
    const last = spans.at(-1)
    if (fault === '') continue
    if (last?.[2] === fault && seconds - last[1] < 10) last[1] = seconds
    else spans.push([seconds, seconds, fault])
  }
  return spans
}

const fixed = (value: number) => value.toFixed(1)
