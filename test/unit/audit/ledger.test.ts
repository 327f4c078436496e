import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createLedger } from '../../../src/audit/ledger.ts'
import { createAuditCheck } from '../../../src/audit/verify.ts'
import { StoreError } from '../../../src/store/errors.ts'
import { createMemoryStore, type MemoryStore } from '../../support/memory-store.ts'

const ledgerOn = (store: MemoryStore, writer = 'host:1', most?: number) => {
  let nowMs = 0
  return createLedger({
    ...{ writer, pipeline: 'shop', store, now: () => (nowMs += 1) },
    ...(most !== undefined && { most })
  })
}

async function breaksIn(store: MemoryStore) {
  const check = createAuditCheck({ references: await store.auditReferences(), keptFromMs: 0 })
  for (const row of await store.auditPage(undefined, 1)) check.take(row)
  return check.end().breaks
}

test('events are one chain, and two writers name each other', async () => {
  const store = createMemoryStore()
  const [one, other] = [ledgerOn(store), ledgerOn(store)]
  one.record({ action: 'started' })
  await one.flush()
  other.record({ action: 'started' })
  await other.flush()
  one.record({ action: 'silence', actor: 'ann' })
  one.record({ action: 'end_silence', actor: 'ann' })
  await one.flush()
  const [first, second, third, fourth] = store.auditLog
  expect(new Set(store.auditLog.map(({ chain }) => chain)).size).toBe(2)
  expect(first?.chain).toMatch(/^host:1\/[0-9a-f]{12}$/)
  expect(second?.heads).toEqual([`${first?.hash} 0 1 ${first?.chain}`])
  expect(third?.heads).toEqual([`${second?.hash} 0 1 ${second?.chain}`])
  expect(third).toMatchObject({
    seq: 1,
    previous: first?.hash,
    previousAt: 1,
    actor: 'ann',
    pipeline: 'shop'
  })
  expect(fourth).toMatchObject({ seq: 2, heads: [], previous: third?.hash })
  expect(await breaksIn(store)).toEqual([])
})

test('without the store events wait, and keep their order', async () => {
  const store = createMemoryStore()
  const ledger = ledgerOn(store)
  store.isDown = true
  ledger.record({ action: 'started' })
  ledger.record({ action: 'took_over' })
  await expect(ledger.flush()).rejects.toThrow('away')
  expect(ledger.waiting()).toBe(2)
  store.isDown = false
  await ledger.flush()
  expect(ledger.waiting()).toBe(0)
  expect(store.auditLog.map(({ action, at }) => [action, at])).toEqual([
    ['started', 1],
    ['took_over', 2]
  ])
})

test('a row whose answer was lost is written again as it was', async () => {
  const store = createMemoryStore()
  let isAnswerLost = true
  const ledger = createLedger({
    ...{ writer: 'host:1', pipeline: 'shop', now: () => 1 },
    store: {
      auditTips: store.auditTips,
      async insertAudit(rows) {
        await store.insertAudit(rows)
        if (isAnswerLost) throw new StoreError('TIMEOUT', 'no answer', { retryable: true })
      }
    }
  })
  ledger.record({ action: 'started' })
  await expect(ledger.flush()).rejects.toThrow('no answer')
  ledger.record({ action: 'stopped' })
  isAnswerLost = false
  await ledger.flush()
  expect(store.auditLog.map(({ action, seq }) => [action, seq])).toEqual([
    ['started', 0],
    ['stopped', 1]
  ])
  expect(store.writes).toEqual(['audit 1', 'audit 1', 'audit 1'])
  expect(await breaksIn(store)).toEqual([])
})

test('what memory does not hold is lost, and counted', async () => {
  const store = createMemoryStore()
  const ledger = ledgerOn(store, 'host:1', 2)
  for (let count = 0; count < 5; count += 1) ledger.record({ action: 'silence' })
  await ledger.flush()
  expect(store.auditLog.map(({ action, details }) => [action, details])).toEqual([
    ['silence', '{}'],
    ['silence', '{}'],
    ['rows_lost', '{"rows":3}']
  ])
})

test('an anchor names the chains that no row names, and is left out where there are none', async () => {
  const store = createMemoryStore()
  const [one, other] = [ledgerOn(store), ledgerOn(store, 'host:2')]
  await one.anchor()
  expect(store.auditLog).toEqual([])
  other.record({ action: 'started' })
  await other.flush()
  await one.anchor()
  expect(store.auditLog[1]).toMatchObject({ action: 'anchored', heads: [expect.stringContaining('host:2/')] })
  await one.anchor()
  expect(store.auditLog).toHaveLength(2)
})

test('two flushes at once write each row once', async () => {
  const store = createMemoryStore()
  const ledger = ledgerOn(store)
  ledger.record({ action: 'started' })
  await Promise.all([ledger.flush(), ledger.flush(), ledger.anchor()])
  expect(store.writes).toEqual(['audit 1'])
})

test('whatever fails, is answered too late or crashes, what several writers leave verifies', async () => {
  const steps = fc.array(
    fc.record({
      writer: fc.integer({ min: 0, max: 2 }),
      does: fc.constantFrom(
        'record',
        'flush',
        'flush together',
        'anchor',
        'store away',
        'answer lost',
        'crash'
      )
    }),
    { maxLength: 40 }
  )
  await fc.assert(
    fc.asyncProperty(steps, async given => {
      const store = createMemoryStore()
      let isAnswerLost = false
      const open = () =>
        createLedger({
          ...{ writer: 'host:1', pipeline: 'shop', now: () => 1 },
          store: {
            auditTips: store.auditTips,
            async insertAudit(rows) {
              await store.insertAudit(rows)
              if (isAnswerLost) throw new StoreError('TIMEOUT', 'no answer', { retryable: true })
            }
          }
        })
      const ledgers = [open(), open(), open()]
      let recorded = 0
      let crashed = 0
      for (const { writer, does } of given) {
        const ledger = ledgers[writer] ?? open()
        store.isDown = does === 'store away'
        isAnswerLost = does === 'answer lost'
        if (does === 'crash') {
          crashed += ledger.waiting()
          ledgers[writer] = open()
        } else if (does === 'record') {
          ledger.record({ action: 'silence', actor: 'ann' })
          recorded += 1
        } else if (does === 'anchor') await ledger.anchor()
        else if (does === 'flush together') await Promise.all(ledgers.map(one => one.flush()))
        else await ledger.flush().catch(() => {})
      }
      store.isDown = false
      isAnswerLost = false
      for (const ledger of ledgers) await ledger.flush()
      expect(await breaksIn(store)).toEqual([])
      const stored = store.auditLog.filter(({ action }) => action === 'silence').length
      // What a crash took may have been stored, its answer lost.
      expect(stored).toBeLessThanOrEqual(recorded)
      expect(stored).toBeGreaterThanOrEqual(recorded - crashed)
    })
  )
})
