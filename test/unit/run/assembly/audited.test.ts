import { expect, test } from 'vitest'
import { withMigrationsNoted, withTakeoversNoted } from '../../../../src/run/assembly/audited.ts'
import type { SourceHandlers } from '../../../../src/source/types.ts'
import { createManualClock } from '../../../support/manual-clock.ts'
import { createMemoryStore } from '../../../support/memory-store.ts'
import { atBeginning, createScriptedSource } from '../../../support/scripted-source.ts'

function noted() {
  const events: object[] = []
  return { events, record: (event: object) => void events.push(event) }
}

test('migrations are noted where any was applied, and the first try is told', async () => {
  const audit = noted()
  const store = createMemoryStore()
  let tried = 0
  const watched = withMigrationsNoted(store, audit, () => {
    tried += 1
  })
  store.isDown = true
  await expect(watched.migrate()).rejects.toThrow('away')
  store.isDown = false
  await watched.migrate()
  expect([tried, audit.events]).toEqual([1, []])
  const applying = { ...store, migrate: async () => ['013_audit'] }
  expect(await withMigrationsNoted(applying, audit, () => {}).migrate()).toEqual(['013_audit'])
  expect(audit.events).toEqual([{ action: 'migrated', details: { applied: ['013_audit'] } }])
})

test('a takeover is noted once it has succeeded, and once until the work is lost', async () => {
  const audit = noted()
  const source = createScriptedSource(createManualClock(0))
  let handlers: SourceHandlers | undefined
  const watched = withTakeoversNoted(
    {
      ...source,
      run: async given => {
        handlers = given
      }
    },
    audit
  )
  let isReadable = false
  const revoked: string[] = []
  await watched.run({
    onAssigned: async () => (isReadable ? undefined : Promise.reject(new Error('away'))),
    onRevoked: () => void revoked.push('revoked')
  } as unknown as SourceHandlers)
  const from = new Map([['orders/0', atBeginning]])
  await expect(handlers?.onAssigned(from as never)).rejects.toThrow('away')
  expect(audit.events).toEqual([])
  isReadable = true
  await handlers?.onAssigned(from as never)
  await handlers?.onAssigned(from as never)
  handlers?.onRevoked()
  handlers?.onRevoked()
  expect(revoked).toEqual(['revoked', 'revoked'])
  expect(audit.events).toEqual([
    { action: 'took_over', details: { partitions: 1 } },
    { action: 'handed_over' }
  ])
})
