import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { PartitionKey } from '../../../src/source/partition.ts'
import { placementsOf } from '../../support/recount.ts'
import { tries } from '../../support/tries.ts'
import {
  commands,
  commandsWithSkips,
  epoch,
  modelLogs,
  modelLogsFromTheStart
} from '../../support/windows-arbitraries.ts'
import { createWindowsModel, type ModelLog, timing, type WindowsModel } from '../../support/windows-model.ts'
import { play, recordsOf, recountOptions, storedAndRecounted, valuesOf } from '../../support/windows-play.ts'

const numRuns = tries(300)

/** No commit passes a record of a window that was not done then, and none goes back. */
function expectCommitsToHold(model: WindowsModel, logs: ReadonlyMap<PartitionKey, ModelLog>): void {
  const closedMarkers = model.closedMarkers()
  for (const [key, log] of logs) {
    const placed = placementsOf(recordsOf(log), recountOptions, closedMarkers.get(key))
    let before = 0
    for (const { offsets, closedUntil = Number.NEGATIVE_INFINITY } of model.commits) {
      const offset = offsets.get(key) ?? before
      const needed = placed.filter(({ windowStart }) => windowStart + timing.sizeMs > closedUntil)
      expect(offset).toBeLessThanOrEqual(Math.min(...needed.map(one => one.offset), Number.POSITIVE_INFINITY))
      expect(offset).toBeGreaterThanOrEqual(before)
      before = offset
    }
  }
}

describe('windows over crashes', () => {
  test('every stored value equals the recount, wherever it crashed and whatever was stored and committed', () => {
    fc.assert(
      fc.property(modelLogs, commands, (logs, all) => {
        const model = createWindowsModel(logs, epoch)
        play(model, all)
        model.finish()
        const { stored, recounted } = storedAndRecounted(model, logs)
        expect(stored).toEqual(recounted)
      }),
      { numRuns }
    )
  })

  test('a window that is stored again has the values that it had, and is as complete', () => {
    fc.assert(
      fc.property(modelLogsFromTheStart, commands, (logs, all) => {
        const model = createWindowsModel(logs, epoch)
        play(model, all)
        model.finish()
        for (const [before, row] of model.rewrites) expect(valuesOf(row)).toEqual(valuesOf(before))
        expect([...model.stored.values()].filter(({ complete }) => !complete)).toEqual([])
      }),
      { numRuns }
    )
  })

  test('a commit never passes the first record of a window that is not done, never goes back, and reaches the end', () => {
    fc.assert(
      fc.property(modelLogs, commands, (logs, all) => {
        const model = createWindowsModel(logs, epoch)
        play(model, all)
        model.finish()
        expectCommitsToHold(model, logs)
        // Without a single event there is no window, and nothing can be done.
        if (model.stored.size === 0) return
        const ends = [...logs].map(([key, { entries }]) => [key, (entries.at(-1)?.offset ?? -1) + 1])
        expect([...(model.commits.at(-1)?.offsets ?? [])]).toEqual(ends)
      }),
      { numRuns }
    )
  })
})

describe('windows without a crash', () => {
  test('what comes from a partition that was given up is late, and everything else as recounted', () => {
    fc.assert(
      fc.property(modelLogsFromTheStart, commandsWithSkips, (logs, all) => {
        const model = createWindowsModel(logs, epoch)
        play(model, all)
        model.drain()
        const { stored, recounted } = storedAndRecounted(model, logs)
        expect(stored).toEqual(recounted)
      }),
      { numRuns }
    )
  })

  test('where windows are done as they close, no more is read again than a window and the grace', () => {
    fc.assert(
      fc.property(modelLogs, logs => {
        const only = new Map([...logs].slice(0, 1))
        const [[key, log]] = [...only] as [[PartitionKey, ModelLog]]
        const model = createWindowsModel(only, epoch)
        const placed = placementsOf(recordsOf(log), recountOptions)
        for (const { offset, recordTime } of log.entries) {
          model.waitUntil(recordTime)
          model.read(key, 1)
          model.close()
          model.store(Number.POSITIVE_INFINITY, true)
          const from = model.partitions().get(key)?.checkpoint() ?? { offset: 0, closedUntil: 0 }
          const times = placed.flatMap(one =>
            one.kind === 'counted' &&
            one.offset >= from.offset &&
            one.offset <= offset &&
            one.windowStart >= (from.closedUntil ?? 0)
              ? [one.fact?.time as number]
              : []
          )
          if (times.length > 0)
            expect(Math.max(...times) - Math.min(...times)).toBeLessThan(timing.sizeMs + timing.graceMs)
        }
      }),
      { numRuns: tries(150) }
    )
  })
})
