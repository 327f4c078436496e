import { readFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createLedger } from '../../src/audit/ledger.ts'
import { auditCommand } from '../../src/cli/audit.ts'
import type { Store } from '../../src/store/types.ts'
import { wallClock } from '../../src/telemetry/clock.ts'
import { type NewStore, openNewStore } from '../support/new-store.ts'

let store: Store
let close: NewStore['close']

beforeAll(async () => {
  ;({ store, close } = await openNewStore())
})
afterAll(() => close())

const ask = async (sql: string): Promise<string> => text(await store.query(sql, 'TabSeparated'))

async function verify(...more: readonly string[]) {
  const printed: string[] = []
  const complaints: string[] = []
  let exitCode = 0
  const command = auditCommand({
    open: async () => ({ ...store, close: async () => {} }),
    keptDays: () => 400,
    clock: wallClock,
    print: text => void printed.push(text),
    complain: text => void complaints.push(text),
    setExitCode: code => {
      exitCode = code
    }
  })
  await command.parseAsync(['verify', ...more], { from: 'user' })
  return { printed, complaints, exitCode }
}

const ledgerOf = (writer: string) =>
  createLedger({ writer, pipeline: 'shop', store, now: () => wallClock.now() })

/** The SQL that docs/audit.md gives to whoever trusts no code of ours. */
const documented = /```sql\n([^`]+)```/.exec(readFileSync('docs/audit.md', 'utf8'))?.[1] ?? ''

test('several writers at once leave a log that verifies, here and by the documented SQL', async () => {
  const ledgers = ['host:1', 'host:2', 'host:3'].map(ledgerOf)
  for (let round = 0; round < 5; round += 1)
    await Promise.all(
      ledgers.map(async ledger => {
        ledger.record({
          action: 'silence',
          actor: 'Zoë "the boss"',
          via: 'api',
          origin: '10.0.0.1',
          subject: `é\n${round}`
        })
        ledger.record({ action: 'end_silence', actor: 'ann', details: { text: "\\ 'quoted' \u2028" } })
        await ledger.flush()
      })
    )
  await ledgers[0]?.anchor()
  const { printed, complaints, exitCode } = await verify()
  expect(complaints).toEqual([])
  expect(exitCode).toBe(0)
  expect(printed.at(-1)).toBe('OK: 31 rows of 3 chains, all as they were written')
  expect(documented).toContain('SHA256')
  expect(await ask(documented)).toBe('')
})

test('rows that were written twice are one, and the list shows the latest first', async () => {
  const rows = await store.auditPage(undefined, 3)
  await store.insertAudit(rows)
  expect((await verify()).exitCode).toBe(0)
  const [latest] = await store.auditRows({ limit: 100 })
  expect(latest?.action).toBe('anchored')
  expect(await store.auditRows({ limit: 100 })).toHaveLength(31)
  expect(await store.auditRows({ limit: 2 })).toHaveLength(2)
})

test('pages end with a place, however many rows it has', async () => {
  const [first] = await store.auditPage(undefined, 1)
  const page = await store.auditPage(undefined, 1)
  expect(page.every(row => row.chain === first?.chain && row.seq === first.seq)).toBe(true)
  const next = await store.auditPage(page.at(-1), 1)
  expect(next[0]).toMatchObject({ chain: first?.chain, seq: 1 })
})

test('what somebody changes by SQL is found, with the row', async () => {
  const [row] = (await store.auditPage(undefined, 3)).filter(({ seq }) => seq === 1)
  const at = `WHERE chain = '${row?.chain}' AND seq = 1`
  await ask(`ALTER TABLE realtime.audit UPDATE subject = 'another' ${at} SETTINGS mutations_sync = 1`)
  const { complaints, exitCode } = await verify()
  expect(exitCode).toBe(1)
  expect(complaints[0]).toContain(`changed: row 1 of ${row?.chain}`)
  expect(await ask(documented)).toContain(`${row?.chain}\t1`)
  await ask(`ALTER TABLE realtime.audit DELETE ${at} SETTINGS mutations_sync = 1`)
  expect((await verify()).complaints[0]).toContain(`missing: row 1 of ${row?.chain}`)
})
