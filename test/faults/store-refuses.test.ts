import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openStore } from '../../src/store/open.ts'
import type { Store } from '../../src/store/types.ts'
import { describeWithKafka, uniqueName, useKafka } from '../support/kafka.ts'
import { rowsOf } from '../support/pipeline.ts'
import { openStoreGate, type StoreMood } from '../support/store-gate.ts'
import { expectNothingLost, storeOutagePipeline } from '../support/store-outage-pipeline.ts'
import { until } from '../support/until.ts'

const refuses = (
  status: number,
  text: string,
  headers: Readonly<Record<string, string>> = {}
): StoreMood => ({
  kind: 'refuses',
  status,
  text,
  headers
})
const readOnlyUser = 'Code: 164. DB::Exception: watcher: Cannot execute query in readonly mode. (READONLY)\n'
const readOnlyTable =
  'Code: 242. DB::Exception: Table is in readonly mode (replica path: /r). (TABLE_IS_READ_ONLY)\n'
const noSpace = 'Code: 243. DB::Exception: Cannot reserve 1.00 MiB, not enough space. (NOT_ENOUGH_SPACE)\n'
const tag = 'wvgsvpqnuajvyjnc'
const tagged = `\r\n__exception__\r\n${tag}\r\n${noSpace}${noSpace.length} ${tag}\r\n__exception__\r\n`

/** Of each, one behind the other within one outage. */
const faults: readonly (readonly [name: string, reason: string, moods: readonly StoreMood[]])[] = [
  [
    'lets its user only read, and then has a table that is read-only',
    'read_only',
    [refuses(500, readOnlyUser), refuses(500, readOnlyTable)]
  ],
  ['is out of disk', 'out_of_disk', [refuses(500, noSpace)]],
  [
    'says 200 and has an exception in the body, as before 25.11 and then with its tag',
    'out_of_disk',
    [refuses(200, noSpace), refuses(200, tagged, { 'X-ClickHouse-Exception-Tag': tag })]
  ]
]

describeWithKafka('a store that takes no rows', () => {
  const kafka = useKafka()
  let folder = ''
  let store: Store
  const rows = <Row>(sql: string) => rowsOf<Row>(store, sql)

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'cartwatch-engine-'))
    store = await openStore({ folder, timeoutMs: 60_000 })
    await store.migrate()
  })
  afterAll(async () => {
    await store.close()
    await rm(folder, { recursive: true, force: true })
  })

  test.concurrent.for(faults)(
    'since it %s silences nothing, and has each row once when it is well again',
    async ([, reason, moods], { onTestFinished }) => {
      const gate = await openStoreGate(folder)
      onTestFinished(gate.close)
      const pipeline = uniqueName('refuses')
      const outage = await storeOutagePipeline({ kafka, pipeline, store: gate.section, onTestFinished })
      await outage.warmUp()

      for (const [at, mood] of moods.entries()) {
        gate.mood(mood)
        if (at === 0) await outage.failShop()
        const tries = await outage.failures(reason)
        await until('another try', async () => (await outage.failures(reason)) > tries)
        const { status, text } = await outage.storeIsOut()
        expect(status).toBe(503)
        const { components } = JSON.parse(text)
        expect(components.store).toMatchObject({ status: 'failed', reason })
        expect(components.store.waiting).toBeGreaterThan(0)
      }
      expect(await outage.program.metric('cartwatch_store_up')).toBe(0)
      expect(await outage.doneUntil()).toBe(outage.doneBeforeMs)

      gate.mood({ kind: 'well' })
      await outage.goOn()
      await outage.storeIsBack()
      expect(await outage.program.metric('cartwatch_store_up')).toBe(1)
      expect((await outage.program.get('/readyz')).status).toBe(200)
      expect(await outage.stop()).toBe(0)
      await expectNothingLost(outage, kafka, rows)
    }
  )
})
