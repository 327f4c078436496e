import { describe, expect, test } from 'vitest'
import { drainAll } from '../../../src/decide/drain.ts'
import { createStoreWriter } from '../../../src/decide/store-writer.ts'
import { epoch } from '../../support/alerts.ts'
import { decisionOf, windowAt } from '../../support/decisions.ts'
import { createManualClock } from '../../support/manual-clock.ts'
import { createMemoryStore } from '../../support/memory-store.ts'
import { createRecordedLog } from '../../support/recorded-log.ts'

function drainingOf(windows: number) {
  const clock = createManualClock(epoch)
  const store = createMemoryStore()
  store.isDown = true
  const writer = createStoreWriter({
    store,
    pipeline: 'shop',
    clock,
    log: createRecordedLog(),
    onDone: () => {}
  })
  for (let at = 0; at < windows; at++) void writer.push(decisionOf(windowAt(at)))
  return { clock, store, writer }
}

describe('the end of a replay', () => {
  test('waits until everything is stored', async () => {
    const { clock, store, writer } = drainingOf(3)
    const drained = drainAll(writer, 1_000)
    await clock.advance(400)
    store.isDown = false
    await clock.advance(100)
    await drained
    expect(store.windowRows.size).toBe(3)
  })

  test('waits for as long as the store accepts some of it', async () => {
    const { clock, store, writer } = drainingOf(0)
    store.isDown = false
    const { insertWindows } = store
    store.insertWindows = async (...rows) => {
      await clock.sleep(900)
      return insertWindows(...rows)
    }
    for (let at = 0; at < 600; at++) void writer.push(decisionOf(windowAt(at)))
    const drained = drainAll(writer, 1_000)
    await clock.advance(3_600)
    await drained
    expect(store.windowRows.size).toBe(600)
  })

  test('rejects with the reason of the store that accepts nothing', async () => {
    const { clock, writer } = drainingOf(1)
    const drained = drainAll(writer, 1_000)
    drained.catch(() => {})
    await clock.advance(1_000)
    await expect(drained).rejects.toThrow(
      /^the store did not take everything: unreachable: the store is away$/
    )
  })

  test('rejects where the store accepts nothing in time and gives no reason', async () => {
    const { clock, store, writer } = drainingOf(0)
    store.insertWindows = () => new Promise(() => {})
    void writer.push(decisionOf(windowAt(0)))
    const drained = drainAll(writer, 1_000)
    drained.catch(() => {})
    await clock.advance(1_000)
    await expect(drained).rejects.toThrow(/^the store did not take everything: it is too slow$/)
  })
})
