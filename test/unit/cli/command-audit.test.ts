import { expect, test } from 'vitest'
import { type CommandAuditParts, createCommandAudit } from '../../../src/cli/command-audit.ts'
import { loadConfig } from '../../../src/config/load.ts'
import { createMemoryStore } from '../../support/memory-store.ts'

function commandAudit(source: string, more: Partial<CommandAuditParts> = {}) {
  const store = createMemoryStore()
  const complained: string[] = []
  const audit = createCommandAudit({
    env: { USER: 'ann' },
    clock: { now: () => 7 },
    complain: text => void complained.push(text),
    load() {
      const loaded = loadConfig({ path: 'c.yaml', env: {}, readFile: () => source, uses: ['store'] })
      if (loaded.ok) return loaded
      throw new Error('the configuration has errors')
    },
    openStore: async () => store,
    ...more
  })
  return { audit, store, complained }
}

const event = { action: 'secrets_rotated', subject: 'c.yaml' } as const

test('a command writes a chain of its own, in the name of its user', async () => {
  const { audit, store, complained } = commandAudit('pipeline: north\nstore: { url: http://localhost:1 }\n')
  await audit.inConfigured('c.yaml', event)
  await audit.inStore(store, 'south', { action: 'silence', actor: 'bob' })
  expect(store.auditLog).toMatchObject([
    {
      seq: 0,
      at: 7,
      pipeline: 'north',
      actor: 'ann',
      via: 'cli',
      origin: expect.stringMatching(/^ann@./),
      subject: 'c.yaml'
    },
    {
      seq: 0,
      at: 7,
      pipeline: 'south',
      actor: 'bob',
      via: 'cli',
      heads: [expect.stringContaining('command on')]
    }
  ])
  expect(complained).toEqual([])
})

test('without the store a line says that nothing was noted', async () => {
  const { audit, store, complained } = commandAudit('store: { url: http://localhost:1 }\n')
  store.isDown = true
  await audit.inConfigured('c.yaml', event)
  await audit.inStore(store, 'shop', event)
  expect(complained).toEqual(Array(2).fill('not in the audit log: the store is away'))
})

test('a wrong configuration stops nothing either', async () => {
  const { audit, complained } = commandAudit('nonsense: true\n')
  await audit.inConfigured('c.yaml', event)
  expect(complained).toEqual(['not in the audit log: the configuration has errors'])
})

test('an embedded store that nobody has used yet is not made for it', async () => {
  const { audit, store, complained } = commandAudit('store: { folder: /nowhere/at/all }\n')
  await audit.inConfigured('c.yaml', event)
  expect(store.auditLog).toEqual([])
  expect(complained).toEqual([])
})
