import { describe, expect, test } from 'vitest'
import { loadConfig } from '../../../src/config/load.ts'
import { createDecisions, type Decision } from '../../../src/decide/decision.ts'
import { createIncidents } from '../../../src/incident/incidents.ts'
import { buildStages } from '../../../src/run/assembly/stages.ts'
import { createReplay } from '../../../src/run/replay.ts'
import { rules as alertingRules, epoch, minuteMs, plainContext } from '../../support/alerts.ts'
import { createRecordedLog } from '../../support/recorded-log.ts'
import { draw } from '../../support/shop-stream.ts'

const loaded = loadConfig({
  path: 'replay.yaml',
  env: {},
  readFile: () => 'detectors: { baseline: { warm_up: 30m } }'
})
if (!loaded.ok) throw new Error('the configuration is wrong')
const { config } = loaded

/** A replay of the shipped detectors, with what they made of it. */
function replaying() {
  const { decode, windows, evaluate, newDetection } = buildStages(config, createRecordedLog())
  const memory = { incidents: async () => [], notifications: async () => [], actions: async () => [] }
  const decisions: Decision[] = []
  const detection = newDetection()
  const decide = createDecisions({
    pipeline: 'shop',
    configHash: 'hash',
    incidents: createIncidents({
      pipeline: 'shop',
      rules: alertingRules,
      routes: [],
      receivers: new Map(),
      context: plainContext,
      sending: false,
      memory
    }),
    detectedBefore: new Map()
  })
  const replay = createReplay({
    windows,
    decode,
    onWindow: window =>
      decisions.push(decide.ofWindow(detection, evaluate(window), window.end + windows.graceMs))
  })
  return { replay, decisions }
}

function replayed(lines: readonly string[]) {
  const { replay, decisions } = replaying()
  lines.forEach((line, index) => {
    replay.take(line, index)
  })
  const beforeEnd = decisions.length
  replay.end()
  return {
    counts: replay.counts(),
    decisions,
    beforeEnd,
    anomalies: decisions.flatMap(({ anomalies }) => anomalies),
    windows: decisions.flatMap(({ window }) => (window ? [window] : []))
  }
}

const line = (time: number) =>
  JSON.stringify({ event_type: 'page_view', event_time: time, session_id: `s${time % 97}` })

/** About so many events a minute, in order of their time. */
function* minutesOf(from: number, to: number, events: number): Generator<string> {
  for (let minute = from; minute < to; minute++) {
    const count = Math.round(events * (0.8 + 0.4 * draw('count', minute)))
    const times = Array.from({ length: count }, (_, index) =>
      Math.floor(epoch + (minute + draw(minute, index)) * minuteMs)
    )
    for (const time of times.sort((a, b) => a - b)) yield line(time)
  }
}

/** A quiet shop, with a drop, a flood and a silence. */
const shop = [
  ...minutesOf(0, 80, 40),
  ...minutesOf(80, 92, 3),
  ...minutesOf(92, 140, 40),
  ...minutesOf(140, 146, 200),
  ...minutesOf(146, 180, 40),
  ...minutesOf(190, 210, 40)
]
const whole = replayed(shop)

describe('a replay', () => {
  test('finds what the live pipeline would, in order of time', () => {
    expect([...new Set(whole.anomalies.map(({ kind }) => kind))].sort()).toEqual([
      'data_loss',
      'traffic_drop',
      'traffic_spike'
    ])
    const ends = whole.anomalies.map(({ windowEnd }) => windowEnd)
    expect(ends).toEqual([...ends].sort((a, b) => a - b))
  })

  test('detects at the time of the events, when the grace of the window was over', () => {
    expect(whole.anomalies.every(({ detectedAt, windowEnd }) => detectedAt === windowEnd + 10_000)).toBe(true)
  })

  test('learns as it goes: what it finds in a prefix of a file is a prefix of what it finds in the whole', () => {
    const cuts = [0.2, 0.38, 0.41, 0.45, 0.6, 0.7, 0.75, 0.8, 0.9, 0.95]
    for (const share of cuts) {
      const { anomalies } = replayed(shop.slice(0, Math.floor(shop.length * share)))
      expect(anomalies).toEqual(whole.anomalies.slice(0, anomalies.length))
    }
  })

  test('ends without a silence: the window that was cut off is stored, not judged', () => {
    const { anomalies, windows } = replayed(shop.slice(0, 3_000))
    const last = windows.at(-1)
    expect(last?.complete).toBe(false)
    expect(windows.slice(0, -1).every(({ complete, start }) => complete || start === epoch)).toBe(true)
    expect(anomalies).toEqual([])
  })

  test('of the same file gives the same output to the byte', () => {
    const text = (decisions: readonly Decision[]) =>
      decisions
        .map(({ window, ...rest }) =>
          JSON.stringify({ ...rest, window: window && { ...window, values: [...window.values] } })
        )
        .join('\n')
    expect(text(replayed(shop).decisions)).toBe(text(whole.decisions))
  })

  test('counts what it reads', () => {
    const { events, late, dead, windows, firstEventTime, lastEventTime } = whole.counts
    expect({ events, late, dead: [...dead], windows }).toEqual({
      events: shop.length,
      late: 0,
      dead: [],
      windows: 210
    })
    expect(Math.floor(((firstEventTime ?? 0) - epoch) / minuteMs)).toBe(0)
    expect(Math.floor(((lastEventTime ?? 0) - epoch) / minuteMs)).toBe(209)
  })

  test('an empty file has no windows', () => {
    const { counts, decisions } = replayed([])
    expect(decisions).toEqual([])
    expect(counts).toMatchObject({ events: 0, windows: 0, firstEventTime: undefined })
  })
})

describe('lines that are not as they should be', () => {
  test('those of the year 3000 are dead letters, at the beginning, within and at the end', () => {
    const far = line(Date.UTC(3000, 0, 1))
    const lines = [far, ...shop.slice(0, 500), far, far, ...shop.slice(500, 1_000), far]
    const { counts, windows } = replayed(lines)
    expect([...counts.dead]).toEqual([['future_event_time', 4]])
    expect(counts.events).toBe(1_000)
    expect(windows.every(({ start }) => start < epoch + 60 * minuteMs)).toBe(true)
  })

  test('those that are no events are counted by their reason and in their windows', () => {
    const lines = [...shop.slice(0, 200), 'no JSON', '[1]', 'no JSON', ...shop.slice(200, 400)]
    const { counts, windows } = replayed(lines)
    expect([...counts.dead]).toEqual([
      ['invalid_json', 2],
      ['not_an_object', 1]
    ])
    const dead = windows.map(({ values }) => values.get('dead_letter_rate')?.numerator ?? 0)
    expect(dead.reduce((sum, one) => sum + one, 0)).toBe(3)
  })

  test('late ones are counted, in no window of their own', () => {
    const late = line(epoch + 2 * minuteMs)
    const lines = [...shop.slice(0, 1_000), late, late, ...shop.slice(1_000, 1_200)]
    const { counts, windows } = replayed(lines)
    expect({ events: counts.events, late: counts.late }).toEqual({ events: 1_202, late: 2 })
    const rates = windows.map(({ values }) => values.get('late_rate')?.numerator ?? 0)
    expect(rates.reduce((sum, one) => sum + one, 0)).toBe(2)
    const alone = replayed(shop.slice(0, 1_200)).windows
    expect(windows[2]?.values.get('events')).toEqual(alone[2]?.values.get('events'))
  })
})
