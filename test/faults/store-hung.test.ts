import { expect, test } from 'vitest'
import { describeWithKafka, uniqueName, useKafka } from '../support/kafka.ts'
import { rowsIn } from '../support/pipeline.ts'
import { temporaryFolder } from '../support/program.ts'
import { openStoreGate } from '../support/store-gate.ts'
import { expectExact, expectNothingLost, storeOutagePipeline } from '../support/store-outage-pipeline.ts'
import { until } from '../support/until.ts'

describeWithKafka.concurrent('a store', () => {
  const kafka = useKafka()

  test('that hangs (SIGSTOP) silences nothing, and has each row once when it wakes up', async ({
    onTestFinished
  }) => {
    const folder = await temporaryFolder(onTestFinished)
    const gate = await openStoreGate(folder)
    onTestFinished(gate.close)
    const pipeline = uniqueName('hung')
    const store = { ...gate.section, timeout: '5s' }
    const outage = await storeOutagePipeline({ kafka, pipeline, store, after: '7s', onTestFinished })
    await outage.warmUp()

    gate.signalEngine('SIGSTOP')
    onTestFinished(() => gate.signalEngine('SIGCONT'))
    await outage.failShop()
    const { status, text } = await outage.storeIsOut()
    expect(status).toBe(503)
    expect(JSON.parse(text).components.store).toMatchObject({ status: 'failed', reason: 'timeout' })

    gate.signalEngine('SIGCONT')
    await outage.goOn()
    await outage.storeIsBack()
    expect(await outage.stop()).toBe(0)
    await expectNothingLost(outage, kafka, await rowsIn(folder, onTestFinished))
  })

  test('that is slow is named so, and nothing else comes of it', async ({ onTestFinished }) => {
    const folder = await temporaryFolder(onTestFinished)
    const gate = await openStoreGate(folder)
    onTestFinished(gate.close)
    const pipeline = uniqueName('slow')
    const outage = await storeOutagePipeline({
      kafka,
      pipeline,
      store: gate.section,
      after: '1m',
      onTestFinished
    })
    await outage.warmUp()

    gate.mood({ kind: 'slow', delayMs: 1_200 })
    await outage.failShop()
    const component = await until('the write to be slow', async () => {
      const { status, text } = await outage.program.get('/readyz')
      const { store } = JSON.parse(text).components
      return status === 200 && store.detail !== undefined && store
    })
    expect(component).toMatchObject({
      status: 'ok',
      detail: expect.stringMatching(/^slow: the last write took \d+\.\d s$/)
    })

    gate.mood({ kind: 'well' })
    await outage.goOn()
    expect(await outage.stop()).toBe(0)
    expect(outage.messages('technical')).toEqual([])
    await expectExact(outage, kafka, await rowsIn(folder, onTestFinished))
  })
})
