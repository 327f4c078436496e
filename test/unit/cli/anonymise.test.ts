import { expect, test } from 'vitest'
import { anonymiseCommand } from '../../../src/cli/anonymise.ts'
import type { Store } from '../../../src/store/types.ts'
import { createMemoryStore } from '../../support/memory-store.ts'

const anonymise = { afterMs: 1_000, secret: 'a-secret-of-16-or-more' }

async function run(answers: Awaited<ReturnType<Store['anonymise']>>[], settings?: typeof anonymise) {
  const said: string[] = []
  const events: object[] = []
  const store: Store = {
    ...createMemoryStore(),
    anonymise: async () => answers.shift() ?? { rows: new Map(), isDone: true }
  }
  const write = process.stderr.write
  process.stderr.write = text => said.push(`err: ${String(text).trimEnd()}`) > 0
  try {
    await anonymiseCommand({
      open: async () => store,
      settings: () => ({ pipeline: 'shop', anonymise: settings }),
      audit: async (_store, pipeline, event) => void events.push({ pipeline, ...event }),
      clock: { now: () => 0 },
      print: text => void said.push(text)
    }).parseAsync([], { from: 'user' })
    return { said, events, exitCode: process.exitCode }
  } finally {
    process.stderr.write = write
    process.exitCode = 0
  }
}

test('goes on until there is no more, says how far it is, and is in the audit log', async () => {
  const rows = new Map([
    ['actions', 2_000],
    ['audit', 5]
  ])
  const answers = [
    { rows, isDone: false },
    { rows: new Map([['actions', 1]]), isDone: true }
  ]
  const { said, events } = await run(answers, anonymise)
  expect(said).toEqual(['actions: 2,000 rows', 'audit: 5 rows', 'actions: 2,001 rows'])
  expect(events).toEqual([
    { pipeline: 'shop', action: 'anonymised', details: { rows: { actions: 2_001, audit: 5 } } }
  ])
})

test('says that there is nothing, and that nothing is asked for', async () => {
  expect(await run([], anonymise)).toMatchObject({
    said: ['No row is old enough that still has a name.'],
    events: []
  })
  expect(await run([])).toMatchObject({
    said: ['err: Nothing is to be anonymised: set store.anonymise_after and store.anonymise_secret'],
    exitCode: 1
  })
})
