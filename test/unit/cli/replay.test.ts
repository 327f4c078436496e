import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import { type OpenReplay, replayCommand, replaySummary } from '../../../src/cli/replay.ts'
import type { ReplayCounts } from '../../../src/run/replay.ts'
import { printedBy } from '../../support/printed-by.ts'

const none: ReplayCounts = {
  events: 0,
  late: 0,
  dead: new Map(),
  skipped: new Map(),
  windows: 0,
  firstEventTime: undefined,
  lastEventTime: undefined
}
const first = Date.UTC(2026, 0, 5, 8)
const read = { events: 12_000, windows: 60, firstEventTime: first, lastEventTime: first + 3_599_000 }
const warm = {
  sizeMs: 60_000,
  warmup: [{ kind: 'revenue_drop', windowsSeen: 59, windowsNeeded: 45 }],
  problems: []
}

describe('what a replay says at its end', () => {
  test('how much was read, from when to when, and what was found', () => {
    expect(replaySummary({ ...none, ...read }, 1, warm)).toBe(
      '12,000 events in 60 windows of 60 s, 2026-01-05T08:00:00.000Z to 2026-01-05T08:59:59.000Z: 1 anomaly\n'
    )
  })

  test('an empty file had no events', () => {
    expect(replaySummary(none, 0, { ...warm, warmup: [] })).toBe('no events: 0 anomalies\n')
  })

  test('a file of something else is said to be none of events', () => {
    expect(replaySummary({ ...none, dead: new Map([['invalid_json', 1_213]]) }, 0, warm)).toBe(
      'no events: 0 anomalies\n1,213 records are not events: invalid_json 1,213\n' +
        'No record is an event: each must have an event_time and a type, where events: or --layout has them. ' +
        'cartwatch inspect shows what is in the file.\n'
    )
  })

  test('one line among events that is none is counted with its reason', () => {
    const said = replaySummary({ ...none, ...read, dead: new Map([['undecodable_batch', 1]]) }, 0, warm)
    expect(said.split('\n')[1]).toBe('1 record is not an event: undecodable_batch 1')
  })

  test('what is wrong with the events is told in a line each', () => {
    const problems = [{ sentence: '78 % of the purchases have no price' }, { sentence: 'one more' }]
    expect(replaySummary({ ...none, ...read }, 0, { ...warm, problems })).toContain(
      'anomalies\nNote: 78 % of the purchases have no price.\nNote: one more.\n'
    )
  })

  test('more than one percent late is said with the likely reason, less is not', () => {
    expect(replaySummary({ ...none, ...read, late: 120 }, 0, warm)).not.toContain('late')
    expect(replaySummary({ ...none, ...read, late: 121 }, 0, warm)).toContain(
      '121 events (1.0 %) arrived late and are counted in no window: the file is probably not in order of time'
    )
  })

  test('a file too short to know what is usual is said not to have been judged', () => {
    const warmup = [
      { kind: 'revenue_drop', windowsSeen: 44, windowsNeeded: 45 },
      { kind: 'traffic_drop', windowsSeen: 45, windowsNeeded: 45 }
    ]
    expect(replaySummary({ ...none, ...read }, 0, { ...warm, warmup }).split('\n')[1]).toBe(
      'Not enough history to judge (windows seen/needed): revenue_drop 44/45'
    )
  })
})

describe('a replay that fails', () => {
  const opened = (rest: object) =>
    (async () => ({
      replay: { take: () => {}, end: () => {}, counts: () => ({ ...none, ...read }) },
      sizeMs: 60_000,
      warmup: () => [],
      problems: () => [],
      currency: () => undefined,
      ready: async () => {},
      unsent: () => [],
      close: async () => {},
      ...rest
    })) as OpenReplay

  async function printed(content: Buffer, rest: object) {
    const folder = mkdtempSync(join(tmpdir(), 'cartwatch-replay-'))
    const file = join(folder, 'events.gz')
    writeFileSync(file, content)
    const { text, code, error } = await printedBy(() =>
      replayCommand(opened(rest)).parseAsync([file], { from: 'user' })
    )
    rmSync(folder, { recursive: true })
    return { out: text, code, error: error === undefined ? '' : String(error).replaceAll(folder, '') }
  }
  const whole = gzipSync('{"a":1}\n'.repeat(100))

  test('on a file that is cut off shows what was found until then', async () => {
    const { out, error } = await printed(whole.subarray(0, whole.length - 9), {})
    expect(out).toContain('12,000 events in 60 windows')
    expect(error).toMatch(/events\.gz.*the file is cut off/)
  })

  test('on a store that takes nothing shows it, too, and says why', async () => {
    const close = () => Promise.reject(new Error('the store did not take everything: it is too slow'))
    const { out, error } = await printed(whole, { close })
    expect(out).toContain('12,000 events in 60 windows')
    expect(error).toContain('it is too slow')
  })

  test('to send names who got nothing, and fails', async () => {
    const unsent = () => [
      { receiver: 'team', why: 'refused: 404 no_service', count: 2 },
      { receiver: 'pager', why: 'not accepted in time', count: 1 }
    ]
    const { out, code } = await printed(whole, { unsent })
    expect(out).toContain(
      '3 messages reached nobody: 2 to team (refused: 404 no_service), 1 to pager (not accepted in time)\n'
    )
    expect(code).toBe(1)
  })
})
