import { expect, test } from 'vitest'
import { type Instance, instancesOn, roleLines, works } from '../support/instances.ts'
import { describeWithKafka, uniqueName, useKafka } from '../support/kafka.ts'
import { useEngine } from '../support/pipeline.ts'
import { until } from '../support/until.ts'

const outage = { from: 150, to: 151 }

describeWithKafka.concurrent('three instances on a topic of twelve partitions', () => {
  const kafka = useKafka()
  const engine = useEngine()

  test('hand the work over once at most with each restart of a rolling one, and lose nothing', async ({
    onTestFinished
  }) => {
    const pipeline = uniqueName('rolling')
    const instances = await instancesOn({ kafka, engine, pipeline, onTestFinished, outage })
    await instances.produce(10)
    const all = [await instances.start()]
    all.push(...(await Promise.all([instances.start(), instances.start()])))
    const ended = new Set<Instance>()
    const takeovers = () => all.reduce((sum, one) => sum + one.takeovers(), 0)
    const restarted: { worked: boolean; handOvers: number }[] = []
    for (const one of all.slice(0, 3)) {
      await instances.step(10 + restarted.length * 10)
      const before = takeovers()
      const worked = works(one)
      one.program.signal('SIGTERM')
      await instances.produce(16 + restarted.length * 10)
      expect(await one.program.ended).toBe(0)
      ended.add(one)
      const others = all.filter(other => !ended.has(other))
      await until('one of the others to work', () => others.some(works))
      all.push(await instances.start())
      restarted.push({ worked, handOvers: takeovers() - before })
    }
    await instances.step(42)
    await instances.finish()
    expect(restarted.map(({ handOvers }) => handOvers)).toEqual(restarted.map(({ worked }) => Number(worked)))
    expect(restarted[0]).toEqual({ worked: true, handOvers: 1 })
    const { stored, counted } = await instances.values()
    expect(stored).toEqual(counted)
  })

  test('cost the one that works nothing when they stand by and are stopped, killed or added', async ({
    onTestFinished
  }) => {
    const pipeline = uniqueName('standby')
    const instances = await instancesOn({ kafka, engine, pipeline, onTestFinished, outage })
    await instances.produce(10)
    const owner = await instances.start()
    const [stopped, killed] = await Promise.all([instances.start(), instances.start()])
    const rejoined = async (what: string, by: () => unknown) => {
      const joins = roleLines(owner.program).length
      await by()
      await until(`the one that works to have met ${what}`, () => roleLines(owner.program).length > joins)
    }
    await instances.step(14)
    await rejoined('a stop', () => stopped.program.signal('SIGTERM'))
    expect(await stopped.program.ended).toBe(0)
    await instances.step(18)
    await rejoined('a death', () => killed.program.kill())
    await instances.step(22)
    await rejoined('an arrival', () => instances.start())
    await instances.step(26)
    await instances.finish()
    expect(roleLines(owner.program).every(Boolean)).toBe(true)
    expect(owner.takeovers()).toBe(1)
    const { stored, counted } = await instances.values()
    expect(stored).toEqual(counted)
  })
})
