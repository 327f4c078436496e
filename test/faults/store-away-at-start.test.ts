import { expect, test } from 'vitest'
import { describeWithKafka, uniqueName, useKafka } from '../support/kafka.ts'
import { rowsIn } from '../support/line.ts'
import { temporaryFolder } from '../support/program.ts'
import { openStoreGate } from '../support/store-gate.ts'
import { expectExact, storeOutageLine } from '../support/store-outage-line.ts'
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
    const line = await storeOutageLine({ kafka, pipeline, store, sessionTimeout: '6s', onTestFinished })
    await line.warmUp()

    gate.mood({ kind: 'away' })
    await line.failShop()
    await line.storeIsOut()
    await line.restart('2s')
    await until('the start to be told as a stall', () => line.told('technical').length > 1, 60_000)
    expect(line.told('technical').map(({ title }) => title)).toEqual([
      '🔶 HIGH: Store unavailable',
      '🔶 HIGH: Pipeline stalled'
    ])
    const component = await until('/readyz to say why', async () => {
      const { status, text } = await line.program.get('/readyz')
      const { store } = JSON.parse(text).components
      return status === 503 && store.status === 'failed' && store
    })
    expect(component).toMatchObject({ reason: 'unreachable' })
    const pages = line.inbox.pages().length

    gate.mood({ kind: 'well' })
    await line.goOn()
    expect(await line.stop()).toBe(0)
    await expectExact(line, kafka, await rowsIn(folder, onTestFinished), 2)
    expect(line.inbox.pages().length).toBeGreaterThanOrEqual(pages)
  })
})
