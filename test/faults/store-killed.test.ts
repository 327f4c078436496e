import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { describeWithKafka, uniqueName, useKafka } from '../support/kafka.ts'
import { rowsIn } from '../support/line.ts'
import { temporaryFolder } from '../support/program.ts'
import { openStoreGate } from '../support/store-gate.ts'
import { expectExact, expectNothingLost, storeOutageLine } from '../support/store-outage-line.ts'
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
    const line = await storeOutageLine({ kafka, pipeline, store: gate.section, onTestFinished })
    await line.warmUp()

    gate.signalEngine('SIGKILL')
    await line.failShop()
    const { status, text } = await line.storeIsOut()
    expect(status).toBe(503)
    expect(JSON.parse(text).components.store).toMatchObject({ status: 'failed', reason: 'unreachable' })

    await gate.reopen()
    await line.goOn()
    await line.storeIsBack()
    expect(await line.stop()).toBe(0)
    await expectNothingLost(line, kafka, await rowsIn(folder, onTestFinished))
  })

  test('is started again where it is the embedded one, loses nothing, and nothing is told of that', async ({
    onTestFinished
  }) => {
    const folder = await temporaryFolder(onTestFinished)
    const pidOf = () =>
      (JSON.parse(readFileSync(join(folder, 'endpoint.json'), 'utf8')) as { pid: number }).pid
    const pipeline = uniqueName('embedded')
    const line = await storeOutageLine({ kafka, pipeline, store: { folder }, onTestFinished })
    await line.warmUp()

    const killed = pidOf()
    process.kill(killed, 'SIGKILL')
    await line.failShop()
    await until('another engine', () => pidOf() !== killed)
    await line.goOn()
    expect((await line.program.get('/readyz')).status).toBe(200)
    const rows = await rowsIn(folder, onTestFinished)
    await expectExact(line, kafka, rows)
    expect(line.told('technical')).toEqual([])
  })
})
