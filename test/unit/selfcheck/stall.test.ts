import { describe, expect, test } from 'vitest'
import { createStallWatch, type PipelineState } from '../../../src/selfcheck/stall.ts'
import type { SourceFault } from '../../../src/source/types.ts'

const healthy = {
  lag: 0,
  waiting: 0,
  slowestPartition: 't/0',
  restoringSince: undefined,
  fullSince: undefined,
  faults: []
}

/** Looks once a second at what the pipeline is said to be at that second; gives what stood at each look. */
function watching(stateAt: (second: number) => Partial<PipelineState>, seconds: number, afterMs = 60_000) {
  const watch = createStallWatch({ afterMs: () => afterMs })
  return Array.from({ length: seconds + 1 }, (_, second) => {
    const now = second * 1_000
    return watch({ ...healthy, now, answeredAt: now, closedAt: now, ...stateAt(second) })
  })
}

/** The seconds at which a stall stood, from the first to the last, with its causes. */
function standing(stalls: ReturnType<typeof watching>) {
  const seconds = stalls.flatMap((stall, second) => (stall ? [second] : []))
  const causes = [...new Set(stalls.flatMap(stall => stall?.cause ?? []))]
  return { first: seconds[0], last: seconds.at(-1), looks: seconds.length, causes }
}

const none = { first: undefined, last: undefined, looks: 0, causes: [] }

describe('a healthy pipeline', () => {
  test('is no stall', () => {
    expect(standing(watching(() => ({}), 600))).toEqual(none)
  })

  test('is none while it catches up and its lag shrinks', () => {
    const lag = (second: number) => Math.max(0, 5_000_000 - second * 5_000)
    expect(standing(watching(second => ({ lag: lag(second) }), 900))).toEqual(none)
  })

  test('is none while it works off a load that came at once', () => {
    const lag = (second: number) => (second < 300 ? 0 : Math.max(0, 1_000_000 - (second - 300) * 2_000))
    expect(standing(watching(second => ({ lag: lag(second) }), 900))).toEqual(none)
  })

  test('is none where its lag goes up and down', () => {
    const lag = (second: number) => 20_000 + Math.round(15_000 * Math.sin(second / 10))
    expect(standing(watching(second => ({ lag: lag(second) }), 900))).toEqual(none)
  })

  test('is none where its lag grows and stays small', () => {
    expect(standing(watching(second => ({ lag: Math.min(second * 10, 4_999) }), 600))).toEqual(none)
  })

  test('is none where one window waits, as it does between two closes', () => {
    expect(standing(watching(() => ({ waiting: 1, closedAt: 0 }), 600))).toEqual(none)
  })

  test('is none where many windows wait and others close', () => {
    expect(standing(watching(() => ({ waiting: 30 }), 600))).toEqual(none)
  })
})

describe('a stall', () => {
  test('a broker that has not answered is one from a minute on, since its last answer', () => {
    const stalls = watching(second => ({ answeredAt: Math.min(second, 30) * 1_000 }), 200)
    expect(standing(stalls)).toEqual({ first: 90, last: 200, looks: 111, causes: ['broker_gone'] })
    expect(stalls[90]).toEqual({
      cause: 'broker_gone',
      since: 30_000,
      lag: 0,
      subject: undefined,
      error: undefined
    })
  })

  test('it is over with the next answer', () => {
    const answeredAt = (second: number) => (second < 100 ? 0 : second * 1_000)
    expect(standing(watching(second => ({ answeredAt: answeredAt(second) }), 200))).toEqual({
      first: 60,
      last: 99,
      looks: 40,
      causes: ['broker_gone']
    })
  })

  test('a partition that holds the others is one from a minute on, and is named', () => {
    const stalls = watching(
      second => (second < 40 ? {} : { waiting: 2, slowestPartition: 't/3', closedAt: 45_000, lag: 7 }),
      150
    )
    expect(standing(stalls)).toMatchObject({ first: 105, last: 150, causes: ['partition_holds'] })
    expect(stalls[105]).toEqual({
      cause: 'partition_holds',
      since: 45_000,
      lag: 7,
      subject: 't/3',
      error: undefined
    })
  })

  test('a window that closes meanwhile begins its time anew', () => {
    const closedAt = (second: number) => (second < 50 ? 0 : 50_000)
    expect(standing(watching(second => ({ waiting: 5, closedAt: closedAt(second) }), 200)).first).toBe(110)
  })

  test('what is needed to judge and cannot be read is one from a minute on', () => {
    const stalls = watching(second => (second < 10 ? {} : { restoringSince: 10_000 }), 100)
    expect(standing(stalls)).toMatchObject({ first: 70, last: 100, causes: ['store_unavailable'] })
  })

  test('memory that has no more room for windows is one from a minute on', () => {
    const stalls = watching(second => (second < 10 ? {} : { fullSince: 10_000 }), 100)
    expect(standing(stalls)).toMatchObject({ first: 70, last: 100, causes: ['memory_full'] })
  })

  test('a lag that grows is one once it was worse for a minute than in the one before, since that minute', () => {
    const stalls = watching(second => ({ lag: 10_000 + second * 100 }), 300)
    expect(standing(stalls)).toEqual({ first: 114, last: 300, looks: 187, causes: ['lag_grows'] })
    expect(stalls[114]).toEqual({
      cause: 'lag_grows',
      since: 54_000,
      lag: 21_400,
      subject: undefined,
      error: undefined
    })
    expect(stalls[300]?.since).toBe(54_000)
  })

  test('a lag that grows behind a broker that answers too slowly is told as that', () => {
    const slowness = 'the broker answers too slowly: 180 KB/s'
    const stalls = watching(second => ({ lag: 10_000 + second * 100, slowness }), 120)
    expect(stalls[114]).toMatchObject({ cause: 'broker_slow', since: 54_000, error: slowness })
  })

  test('windows that do not come through are one, unless another cause says why', () => {
    const standStill = { cause: 'windows_wait', since: 10_000, subject: 'the store' } as const
    const stalls = watching(second => (second < 10 ? {} : { standStill }), 100)
    expect(standing(stalls)).toMatchObject({ first: 70, last: 100, causes: ['windows_wait'] })
    const explained = watching(second => (second < 20 ? {} : { standStill, fullSince: 20_000 }), 100)
    expect(explained[100]?.cause).toBe('memory_full')
  })

  test('a lag that no longer grows is over once its best minute is no worse than the one before', () => {
    const lag = (second: number) => (second < 200 ? 10_000 + second * 100 : 30_000 - (second - 200) * 50)
    expect(standing(watching(second => ({ lag: lag(second) }), 500))).toMatchObject({ first: 114, last: 239 })
  })

  test('of several the one that has lasted longest is named', () => {
    const stalls = watching(
      second => ({
        answeredAt: Math.min(second, 20) * 1_000,
        ...(second >= 10 && { restoringSince: 10_000 })
      }),
      120
    )
    expect(stalls[69]).toBeUndefined()
    expect(stalls[70]?.cause).toBe('store_unavailable')
    expect(stalls[120]?.cause).toBe('store_unavailable')
  })

  test('the time it takes is configured', () => {
    expect(standing(watching(() => ({ answeredAt: 0 }), 300, 200_000)).first).toBe(200)
  })

  test('what keeps the source from its work is one, though the broker answers, and says why before that it does not join', () => {
    const fault = { since: 5_000, subject: 't', error: 'gone' }
    const faults: SourceFault[] = [
      { ...fault, cause: 'not_joined', since: 1_000 },
      { ...fault, cause: 'topic_missing' }
    ]
    const stalls = watching(() => ({ faults }), 70)
    expect(standing(stalls)).toMatchObject({ first: 61, causes: ['not_joined', 'topic_missing'] })
    expect(stalls[70]).toEqual({ cause: 'topic_missing', since: 5_000, lag: 0, subject: 't', error: 'gone' })
  })
})

test('dead letters that nothing takes are a stall, unless the broker is gone', () => {
  const deadLetters = { since: 10_000, error: 'no space left' }
  expect(standing(watching(() => ({ deadLetters }), 100))).toEqual({
    first: 70,
    last: 100,
    looks: 31,
    causes: ['dead_letters_refused']
  })
  expect(standing(watching(() => ({ deadLetters, answeredAt: 0 }), 100)).causes).toEqual(['broker_gone'])
})
