import { expect, test } from 'vitest'
import { describeWithKafka, uniqueName, useKafka } from '../support/kafka.ts'
import { rowsIn } from '../support/line.ts'
import { temporaryFolder } from '../support/program.ts'
import { openStoreGate } from '../support/store-gate.ts'
import { expectExact, expectNothingLost, storeOutageLine } from '../support/store-outage-line.ts'
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
    const store = { ...gate.section, timeout: '2s' }
    const line = await storeOutageLine({ kafka, pipeline, store, after: '3s', onTestFinished })
    await line.warmUp()

    gate.signalEngine('SIGSTOP')
    onTestFinished(() => gate.signalEngine('SIGCONT'))
    await line.failShop()
    const { status, text } = await line.storeIsOut()
    expect(status).toBe(503)
    expect(JSON.parse(text).components.store).toMatchObject({ status: 'failed', reason: 'timeout' })

    gate.signalEngine('SIGCONT')
    await line.goOn()
    await line.storeIsBack()
    expect(await line.stop()).toBe(0)
    await expectNothingLost(line, kafka, await rowsIn(folder, onTestFinished))
  })

  test('that is slow is named so, and nothing else comes of it', async ({ onTestFinished }) => {
    const folder = await temporaryFolder(onTestFinished)
    const gate = await openStoreGate(folder)
    onTestFinished(gate.close)
    const pipeline = uniqueName('slow')
    const line = await storeOutageLine({
      kafka,
      pipeline,
      store: gate.section,
      after: '1m',
      onTestFinished
    })
    await line.warmUp()

    gate.mood({ kind: 'slow', delayMs: 1_200 })
    await line.failShop()
    const component = await until('the write to be slow', async () => {
      const { status, text } = await line.program.get('/readyz')
      const { store } = JSON.parse(text).components
      return status === 200 && store.detail !== undefined && store
    })
    expect(component).toMatchObject({
      status: 'ok',
      detail: expect.stringMatching(/^slow: the last write took \d+\.\d s$/)
    })

    gate.mood({ kind: 'well' })
    await line.goOn()
    expect(await line.stop()).toBe(0)
    expect(line.told('technical')).toEqual([])
    await expectExact(line, kafka, await rowsIn(folder, onTestFinished))
  })
})
