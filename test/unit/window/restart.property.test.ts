import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { WindowMetrics } from '../../../src/metrics/types.ts'
import { type LogRecord, placementsOf, type Recounted, recount } from '../../support/recount.ts'
import { type Command, commands, epoch, modelLogs } from '../../support/windows-arbitraries.ts'
import {
  createWindowsModel,
  type ModelLog,
  rates,
  timing,
  type WindowsModel
} from '../../support/windows-model.ts'

const runs = Number(process.env['PROPERTY_RUNS'] ?? 1_500)
const options = { ...timing, currency: 'EUR', rates }

const recordsOf = ({ entries }: ModelLog): LogRecord[] =>
  entries.flatMap(entry => ('control' in entry ? [] : [entry]))

function play(model: WindowsModel, all: readonly Command[]): void {
  for (const command of all) {
    switch (command.do) {
      case 'wait':
        model.wait(command.ms)
        break
      case 'read':
        model.read(`t/${command.partition}`, command.entries)
        break
      case 'ask':
        model.ask(`t/${command.partition}`)
        break
      case 'store':
        model.store(command.windows, command.isDone)
        break
      case 'answer':
      case 'close':
      case 'catchUp':
      case 'commit':
      case 'crash':
        model[command.do]()
        break
      default:
        command satisfies never
    }
  }
}

function valuesOf({ records, values, segments }: WindowMetrics): Recounted {
  const all: Recounted = {}
  for (const [name, { value }] of values) all[name] = value
  for (const { segment, value } of segments) all[`revenue{${segment.replace('currency=', '')}}`] = value
  const late = values.get('late_rate')?.numerator ?? 0
  const dead = values.get('dead_letter_rate')?.numerator ?? 0
  return { ...all, records, late, dead }
}

function expectRecount(model: WindowsModel, logs: ReadonlyMap<string, ModelLog>): void {
  const expected = recount(new Map([...logs].map(([key, log]) => [key, recordsOf(log)])), {
    ...options,
    seals: model.seals()
  })
  const stored = [...model.stored].filter(([, { records }]) => records > 0).sort(([a], [b]) => a - b)
  expect(stored.map(([start, window]) => [start, valuesOf(window)])).toEqual([...expected])
}

function expectCommitsHold(model: WindowsModel, logs: ReadonlyMap<string, ModelLog>): void {
  const seals = model.seals()
  for (const [key, log] of logs) {
    const placed = placementsOf(recordsOf(log), options, seals.get(key))
    let before = 0
    for (const { offsets, sealedUntil = Number.NEGATIVE_INFINITY } of model.commits) {
      const offset = offsets.get(key) ?? before
      const needed = placed.filter(({ windowStart }) => windowStart + timing.sizeMs > sealedUntil)
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
        expectRecount(model, logs)
        expectCommitsHold(model, logs)
      }),
      { numRuns: runs }
    )
  })
})
