import { describe, expect, test } from 'vitest'
import { createStoredInput } from '../../../src/decide/stored-input.ts'
import type { OperatorAction } from '../../../src/incident/types.ts'
import { epoch } from '../../support/alerts.ts'
import { createManualClock } from '../../support/manual-clock.ts'
import { createMemoryStore } from '../../support/memory-store.ts'
import { createRecordedLog } from '../../support/recorded-log.ts'

const actionAt = (id: string, at: number): OperatorAction => ({
  id,
  pipeline: 'shop',
  action: 'acknowledge',
  at,
  by: 'ada',
  via: 'cli',
  incidentId: 'i',
  severity: 'high',
  silence: null
})

function acting() {
  const clock = createManualClock(epoch)
  const store = createMemoryStore()
  const log = createRecordedLog()
  const taken: string[][] = []
  const state = { isWorking: true }
  const own = createStoredInput<OperatorAction>({
    what: 'the actions of operators',
    read: nowMs => store.actions('shop', nowMs - 3_600_000),
    isWorking: () => state.isWorking,
    take: actions => void taken.push(actions.map(({ id }) => id)),
    clock,
    log
  })
  const poll = async () => {
    own.poll()
    await clock.advance(0)
  }
  return { clock, store, log, taken, state, own, poll }
}

describe('what people did', () => {
  test('elsewhere is found in the store, as far back as is asked for at each look', async () => {
    const { clock, store, taken, poll } = acting()
    await store.insertActions([actionAt('old', epoch - 3_600_001), actionAt('a', epoch - 3_600_000)])
    await poll()
    await store.insertActions([actionAt('b', epoch)])
    await poll()
    await clock.advance(2_000)
    await poll()
    expect(taken).toEqual([['a'], ['b']])
  })

  test('here is applied at once', () => {
    const { own, taken } = acting()
    expect(own.apply([actionAt('a', epoch)])).toBe(true)
    expect(taken).toEqual([['a']])
  })

  test('is left to the instance that works', async () => {
    const { store, state, own, taken, poll } = acting()
    await store.insertActions([actionAt('a', epoch)])
    state.isWorking = false
    await poll()
    expect(own.apply([actionAt('b', epoch)])).toBe(false)
    expect(taken).toEqual([])
  })

  test('is not applied by an instance that lost the work while it read', async () => {
    const { clock, store, state, own, taken } = acting()
    await store.insertActions([actionAt('a', epoch)])
    own.poll()
    state.isWorking = false
    await clock.advance(0)
    expect(taken).toEqual([])
  })

  test('is read again after an outage of the store, which is said once', async () => {
    const { clock, store, log, taken, poll } = acting()
    await store.insertActions([actionAt('a', epoch)])
    store.isDown = true
    for (let look = 0; look < 3; look++) {
      await poll()
      await clock.advance(2_000)
    }
    store.isDown = false
    await poll()
    expect(taken).toEqual([['a']])
    expect(log.lines.filter(({ message }) => message.includes('cannot be read'))).toHaveLength(1)
  })
})
