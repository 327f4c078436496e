import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { describeWithKafka, uniqueName, useKafka } from '../support/kafka.ts'
import { rowsIn } from '../support/pipeline.ts'
import { temporaryFolder } from '../support/program.ts'
import { openStoreGate } from '../support/store-gate.ts'
import { expectExact, expectNothingLost, storeOutagePipeline } from '../support/store-outage-pipeline.ts'
import { until } from '../support/until.ts'

describeWithKafka.concurrent('a store that is killed', () => {
  const kafka = useKafka()

  test('silences nothing where it is a server, and has each row once when it is started again', async ({
    onTestFinished
  }) => {
    const folder = await temporaryFolder(onTestFinished)
    const gate = await openStoreGate(folder)
    onTestFinished(gate.close)
    const pipeline = uniqueName('killed')
    const outage = await storeOutagePipeline({ kafka, pipeline, store: gate.section, onTestFinished })
    await outage.warmUp()

    gate.signalEngine('SIGKILL')
    await outage.failShop()
    const { status, text } = await outage.storeIsOut()
    expect(status).toBe(503)
    expect(JSON.parse(text).components.store).toMatchObject({ status: 'failed', reason: 'unreachable' })

    await gate.reopen()
    await outage.goOn()
    await outage.storeIsBack()
    expect(await outage.stop()).toBe(0)
    await expectNothingLost(outage, kafka, await rowsIn(folder, onTestFinished))
  })

  test('is started again where it is the embedded one, loses nothing, and notifies nobody', async ({
    onTestFinished
  }) => {
    const folder = await temporaryFolder(onTestFinished)
    const pidOf = () =>
      (JSON.parse(readFileSync(join(folder, 'endpoint.json'), 'utf8')) as { pid: number }).pid
    const pipeline = uniqueName('embedded')
    const outage = await storeOutagePipeline({ kafka, pipeline, store: { folder }, onTestFinished })
    await outage.warmUp()

    const killed = pidOf()
    process.kill(killed, 'SIGKILL')
    await outage.failShop()
    await until('another engine', () => pidOf() !== killed)
    await outage.goOn()
    expect((await outage.program.get('/readyz')).status).toBe(200)
    const rows = await rowsIn(folder, onTestFinished)
    await expectExact(outage, kafka, rows)
    expect(outage.messages('technical')).toEqual([])
  })
})
