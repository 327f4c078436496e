import { expect, test } from 'vitest'
import { type Instance, instancesOn, works } from '../support/instances.ts'
import { describeWithKafka, uniqueName, useKafka } from '../support/kafka.ts'
import { useEngine } from '../support/pipeline.ts'
import { until } from '../support/until.ts'

const theWorking = (...instances: readonly Instance[]): Promise<Instance> =>
  until('one to work', () => instances.find(works))

/** What it has written of the work; in the audit log each instance has a chain of its own, and notes that it lost its work. */
const shared = ({ writes }: Instance): readonly string[] => writes.filter(table => table !== 'audit')

describeWithKafka.concurrent('three instances on a topic of twelve partitions', () => {
  const kafka = useKafka()
  const engine = useEngine()

  test('count every event once and alert once, while the one that works is paused, another killed and one added', async ({
    onTestFinished
  }) => {
    const pipeline = uniqueName('paused')
    const instances = await instancesOn({
      kafka,
      engine,
      pipeline,
      onTestFinished,
      outage: { from: 95, to: 112 }
    })
    await instances.produce(90)
    const paused = await instances.start()
    const [second, third] = await Promise.all([instances.start(), instances.start()])
    await instances.step(94)

    // At the anomalies, with notifications, incidents and a commit still to come: the worst moment.
    const standsStill = paused.standStillAt('anomalies_log')
    await instances.produce(99)
    await standsStill
    const added = await instances.start()
    const successor = await theWorking(second, third, added)
    await instances.step(102)
    const begun = shared(paused)
    paused.program.signal('SIGCONT')
    await paused.program.logged('process was paused')
    await until('it to stand by', () => !works(paused))
    await instances.step(106)
    expect(shared(paused)).toEqual(begun)

    await until('all to be told', async () => (await pendingOf(pipeline)) === 0)
    successor.program.kill()
    await successor.program.ended
    await instances.produce(109)
    await theWorking(...[paused, second, third, added].filter(one => one !== successor))
    await instances.step(118)
    await instances.finish()

    const { stored, counted } = await instances.values()
    expect(stored).toEqual(counted)
    const pages = instances.inbox.pages()
    expect(pages.length).toBeGreaterThan(0)
    expect(pages.map(({ opened }) => opened)).toEqual(pages.map(() => 1))
    const told = instances.inbox.messages
      .filter(({ to }) => to === 'slack')
      .map(({ body }) => JSON.stringify(body))
    expect(told.length).toBeGreaterThan(0)
    expect(told).toEqual([...new Set(told)])
  })

  async function pendingOf(pipeline: string): Promise<number> {
    const [row] = await engine.rows<{ pending: number }>(
      `SELECT toUInt32(countIf(outcome = 'pending')) AS pending FROM realtime.notifications FINAL
       WHERE pipeline = '${pipeline}'`
    )
    return row?.pending ?? 0
  }
})
