import { expect, test } from 'vitest'
import { type Status, statusSchema } from '../../src/web/status.ts'
import { describeWithKafka, uniqueName, useKafka } from '../support/kafka.ts'
import { doneUntil, pipelineConfig, useEngine } from '../support/pipeline.ts'
import { type Program, runCommand, startProgram } from '../support/program.ts'
import { windowOfShop } from '../support/shop-stream.ts'
import { until } from '../support/until.ts'

const pageOf = async (program: Program): Promise<Status> =>
  statusSchema.parse(JSON.parse((await program.get('/status')).text))

const nameOf = async (program: Program) => String((await program.logged('operations port'))['instance'])

/** Who works by the group, whose work is shown, and who answered. */
const told = ({ members, work, answered_by }: Status) => ({
  owner: members?.find(one => one.works)?.instance,
  work: work?.instance,
  answeredBy: answered_by?.instance
})

describeWithKafka('the status of two instances', () => {
  const kafka = useKafka()
  const engine = useEngine()

  test('names the same owner from both, and after its end the other', async ({ onTestFinished }) => {
    const topic = await kafka.createTopic({ partitions: 2 })
    const startMs = Math.floor(Date.now() / 1_000) * 1_000 - 60_000
    const stream = { seed: 3, startMs, sizeMs: 1_000, graceMs: 500, partitions: 2 }
    for (const window of [0, 1, 2]) await kafka.produce(topic, windowOfShop(stream, window))
    const config = pipelineConfig({
      pipeline: uniqueName('status'),
      topic,
      brokers: kafka.bootstrap,
      store: engine.section(),
      session: '6s'
    })
    const first = await startProgram(config, { onTestFinished })
    await first.logged('active')
    const second = await startProgram(config, { onTestFinished })
    await second.logged('standby: another instance is active')
    await doneUntil(kafka, topic, startMs + 2_000)
    const [one, other] = [await nameOf(first), await nameOf(second)]
    const page = await until('the owner to be told by the other', async () => {
      const said = await pageOf(second)
      return said.work !== null && said
    })
    expect(told(page)).toEqual({ owner: one, work: one, answeredBy: other })
    expect(told(await pageOf(first))).toEqual({ owner: one, work: one, answeredBy: one })
    const ends = await kafka.endOffsets(topic)
    expect(page.work?.partitions.map(({ partition, position }) => [partition, position])).toEqual(
      [0, 1].map(partition => [partition, ends.get(partition)])
    )
    expect(page.work?.windows_closed_until).toBe(new Date(startMs + 2_000).toISOString())
    expect(page.members?.map(({ works, since }) => [works, since !== null])).toEqual([
      [true, true],
      [false, false]
    ])
    const shown = await runCommand(['status', '--config', first.configPath])
    expect(shown).toMatchObject({
      code: 0,
      errors: 'http.port is 0, so the actual port is not known. Asking Kafka.\n'
    })
    expect(shown.out).toContain(`${one} is active since `)

    first.kill()
    await first.ended
    const after = await until('the other to work', async () => {
      const said = await pageOf(second)
      return said.work?.instance === other && said.group_state === 'Stable' && said
    })
    expect(told(after)).toEqual({ owner: other, work: other, answeredBy: other })

    second.signal('SIGTERM')
    expect(await second.ended).toBe(0)
    const nobody = await runCommand(['status', '--config', first.configPath])
    expect(nobody.code).toBe(1)
    expect(nobody.out).toContain('no instance is running')
  })
})
