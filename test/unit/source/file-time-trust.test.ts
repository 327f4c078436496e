import { describe, expect, test } from 'vitest'
import { createFileTrust } from '../../../src/source/file-time-trust.ts'

const minute = 60_000
const day = 1_440 * minute
const noon = Date.parse('2026-03-01T12:00:00Z')
const year3000 = Date.parse('3000-01-01T00:00:00Z')

interface Record {
  readonly line: number
  readonly eventTime: number | undefined
}

/** The records of a file with these event times, as they are emitted, and the lines that are not trusted. */
function read(eventTimes: readonly (number | undefined)[]) {
  const out: Record[] = []
  const distrusted: number[] = []
  const trust = createFileTrust<Record>((record, trusted) => {
    out.push(record)
    if (!trusted) distrusted.push(record.line)
  })
  eventTimes.forEach((eventTime, index) => {
    trust.push({ line: index + 1, eventTime })
  })
  const beforeEnd = out.length
  trust.end()
  return { lines: out.map(({ line }) => line), distrusted, beforeEnd }
}

const steady = (count: number, from = noon) =>
  Array.from({ length: count }, (_, index) => from + index * 1_000)
const numbers = (count: number) => Array.from({ length: count }, (_, index) => index + 1)

describe('event times of a file', () => {
  test('that grow steadily are trusted, and emitted as soon as the first is confirmed', () => {
    expect(read(steady(300))).toEqual({ lines: numbers(300), distrusted: [], beforeEnd: 300 })
  })

  test('that jump by five minutes are emitted at once, by more when what follows confirms it', () => {
    const times = [...steady(200), noon + 199_000 + 5 * minute]
    expect(read(times)).toMatchObject({ distrusted: [], beforeEnd: 201 })
    expect(read([...times.slice(0, -1), noon + 199_001 + 5 * minute])).toMatchObject({
      distrusted: [],
      beforeEnd: 200
    })
  })

  test('of the year 3000, twice, are not trusted, and nothing else is touched', () => {
    const times = steady(400)
    times[150] = year3000
    times[170] = year3000 + 5
    expect(read(times)).toMatchObject({ lines: numbers(400), distrusted: [151, 171] })
  })

  test('of the year 3000 side by side are not trusted', () => {
    const times = steady(400)
    times[150] = year3000
    times[151] = year3000
    expect(read(times).distrusted).toEqual([151, 152])
  })

  test('of the year 3000 in the first two lines are not trusted', () => {
    expect(read([year3000, year3000, ...steady(300)]).distrusted).toEqual([1, 2])
  })

  test('of the year 3000 in the last two lines are not trusted', () => {
    expect(read([...steady(300), year3000, year3000]).distrusted).toEqual([301, 302])
  })

  test('that continue after a gap are trusted, with or without a straggler from before it', () => {
    const after = steady(200, noon + 3 * 60 * minute)
    expect(read([...steady(200), ...after]).distrusted).toEqual([])
    after.splice(3, 0, noon + 210_000)
    expect(read([...steady(200), ...after]).distrusted).toEqual([])
  })

  test('that continue hours or days later are trusted if ten follow', () => {
    expect(read([...steady(200), ...steady(11, noon + 3 * day)]).distrusted).toEqual([])
    expect(read([...steady(200), ...steady(11, noon + 12 * 60 * minute)]).distrusted).toEqual([])
  })

  test('that lie hours ahead in the last lines are not trusted in a dense file, and are in a sparse one', () => {
    expect(read([...steady(200), noon + 2 * 60 * minute]).distrusted).toEqual([201])
    expect(read([...steady(200), noon + 63 * minute]).distrusted).toEqual([])
    const sparse = Array.from({ length: 200 }, (_, index) => noon + index * minute)
    expect(read([...sparse, noon + 12 * 60 * minute]).distrusted).toEqual([])
    expect(read([...sparse, noon + 2 * day]).distrusted).toEqual([201])
  })

  test('of a short file are trusted, whenever it begins', () => {
    expect(read([noon, noon + 1_000])).toMatchObject({ lines: [1, 2], distrusted: [] })
    expect(read([year3000])).toMatchObject({ lines: [1], distrusted: [] })
  })

  test('of a file in which every record is later than the one before are trusted', () => {
    const sparse = Array.from({ length: 250 }, (_, index) => noon + index * 10 * minute)
    expect(read(sparse)).toMatchObject({ lines: numbers(250), distrusted: [] })
  })

  test('that go back are trusted: they are late, not wrong', () => {
    expect(read([...steady(200), noon - day, ...steady(200, noon + 200_000)]).distrusted).toEqual([])
  })

  test('are emitted in the order of the lines, records without one among them', () => {
    const times: (number | undefined)[] = steady(300)
    for (const index of [0, 7, 151, 299]) times[index] = undefined
    times[150] = year3000
    expect(read(times)).toMatchObject({ lines: numbers(300), distrusted: [151] })
  })
})
