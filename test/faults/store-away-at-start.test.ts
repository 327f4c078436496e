import { expect, test } from 'vitest'
import { describeWithKafka, uniqueName, useKafka } from '../support/kafka.ts'
import { rowsIn } from '../support/pipeline.ts'
import { temporaryFolder } from '../support/program.ts'
import { openStoreGate } from '../support/store-gate.ts'
import { expectExact, storeOutagePipeline } from '../support/store-outage-pipeline.ts'
import { until } from '../support/until.ts'

describeWithKafka('a store that is away when the program starts', () => {
  const kafka = useKafka()

  test('has it wait and say so once; killed within the outage, it derives all again and pages nobody twice', async ({
    onTestFinished
  }) => {
    const folder = await temporaryFolder(onTestFinished)
    const gate = await openStoreGate(folder)
    onTestFinished(gate.close)
    const pipeline = uniqueName('away')
    const store = { ...gate.section, timeout: '5s' }
    const outage = await storeOutagePipeline({ kafka, pipeline, store, sessionTimeout: '6s', onTestFinished })
    await outage.warmUp()

    gate.mood({ kind: 'away' })
    await outage.failShop()
    await outage.storeIsOut()
    await outage.restart('2s')
    await until('a message about the stalled start', () => outage.messages('technical').length > 1)
    expect(outage.messages('technical').map(({ title }) => title)).toEqual([
      '🔔 HIGH: Store unavailable',
      '🔔 HIGH: Pipeline stalled'
    ])
    const component = await until('/readyz to say why', async () => {
      const { status, text } = await outage.program.get('/readyz')
      const { store } = JSON.parse(text).components
      return status === 503 && store.status === 'failed' && store
    })
    expect(component).toMatchObject({ reason: 'unreachable' })
    const pages = outage.inbox.pages().length

    gate.mood({ kind: 'well' })
    await outage.goOn()
    expect(await outage.stop()).toBe(0)
    await expectExact(outage, kafka, await rowsIn(folder, onTestFinished), 2)
    expect(outage.inbox.pages().length).toBeGreaterThanOrEqual(pages)
  })
})
